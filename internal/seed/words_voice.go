package seed

// What children say, taken down in their own words. All made up.

var voicesLittle = []string{
	"I like the sand tray and Miss Patel’s big book about whales. I do not like when it is loud at lunch.",
	"I can write my whole name now. Even the long bit.",
	"My best thing is PE. My worst thing is when people ask where my mum is.",
	"Reading used to make my tummy hurt. Now I read to the class hamster and he does not mind if I get stuck.",
	"I want to be a bus driver and a vet. On different days.",
	"I like it when Mr Hill says good morning to me first.",
	"I drew me and my brother. We don’t go to the same school any more. I would like him to see my work on the wall.",
	"Maths is good because there is an answer.",
	"Can I do more swimming please? I was scared and now I’m not.",
	"I don’t like it when I get taken out of art for my meeting. Could it be in assembly?",
	"I have three friends. Their names are Joe, Amina and the other Joe.",
	"I got a certificate for kindness and we put it on the fridge.",
	"I wish the teachers knew I’m not being naughty when I hide. I’m just hiding.",
	"Carol reads with me in the big chair. We are on book five.",
	"I’m good at running and at remembering things about sharks.",
	"It is better with the headphones on.",
	"I want to stay at this school until I’m big.",
	"I told the worry monster something and it went away a bit.",
}

var voicesMiddle = []string{
	"I’ve moved school three times and this is the first one where I know where everything is.",
	"I like that nobody makes a fuss. Mrs Lowe just puts her thumb up and I know it’s okay.",
	"My reading has gone up two levels and I read to my little cousin at the weekend. She chose the book. It was about a potato.",
	"I want help with fractions but not in front of people.",
	"Football club is the best bit of my week. Please don’t put my tutor on a Wednesday.",
	"I’m nervous about secondary school because I’ll be the only one from here. It helped going to see it with Miss.",
	"Sometimes I say I don’t care but I do.",
	"I’d like to learn the trumpet. Grandad played it.",
	"When I get angry it’s quicker if you leave me for five minutes and then talk. If you follow me it gets longer.",
	"I’m proud of my volcano. It went on the ceiling.",
	"I don’t want everyone to know I’m in care. I want to choose who I tell.",
	"I am glad I can see Mum on Saturdays. On Mondays I’m tired because of it.",
	"I’m on time every day now. It’s because I get picked up by the taxi with the nice driver.",
	"I learned all my times tables and I can do the sevens backwards.",
	"I feel safe here. That’s all I want to say.",
	"I would like someone to explain what a PEP is. Nobody did before.",
	"My friend moved away, so lunch is long. I go to the library now and I’m a helper.",
	"I want to be a marine biologist, so I looked up what you need. It’s a lot of science.",
}

var voicesOlder = []string{
	"People kept saying I had potential. Mr Vickers was the first one who said at what.",
	"I’m not sitting in a room with eight adults talking about me. I wrote this instead.",
	"My attendance was rubbish when I was being moved around. It’s 96 now. Put that in bold.",
	"I want to do Health and Social Care at college because I know what a good social worker looks like and what a bad one looks like.",
	"Being told about the trip the day before doesn’t work. I need to ask my carer, and she needs to ask. Everyone else just says yes.",
	"I like my tutor. She doesn’t feel sorry for me, she just makes me do the questions.",
	"English is hard because it’s always about families.",
	"I passed my mock in maths. I’ve never passed anything like that before and I’ve kept the paper.",
	"I’d rather have one person to go to than a list of five.",
	"I got suspended and it was my fault, but nobody asked what happened before.",
	"I’m doing alright. Could we have fewer meetings?",
	"I want to stay on here for sixth form. I don’t want another first day.",
	"The laptop made a massive difference. I do my homework in my room and not at the kitchen table with everyone.",
	"I miss my old school, but I’ve made the basketball team, so it’s swings and roundabouts.",
	"I’d like my little sister to come to the awards evening.",
	"Honestly? I’m tired. It’s hard to care about history when you’ve got court next week.",
	"I’m going to be the first in my family to go to university. My carer’s already telling people.",
	"I used the time-out card twice this term. Last term it was every day.",
	"Can you stop writing ‘challenging’. I was scared.",
	"Work experience at the garage was the best week of the year. They said I can come back in the summer.",
	"I do better sitting at the front. I’d never tell anyone that though.",
	"My targets last time were boring. I’ve picked one myself this time: get a 5 in art.",
}

var voicesAlone = []string{
	"In my country I went to school for four years. Here I learn every day. I want to learn faster.",
	"I understand more now than I can say. Please speak slowly and I will answer.",
	"I like maths. Numbers are the same in every language.",
	"I want to be an electrician. I fixed the radio of my foster mother.",
	"I don’t know where my brother is. Some days I cannot think about English. Thank you for letting me go for a walk.",
	"My teacher asked me to tell the class about Eritrea. I was afraid, and then they asked many questions. It was a good day.",
	"I want to play cricket for the school. At home I was the best bowler in the street.",
	"Please can I have lessons in the summer too. I do not want to stop.",
}

var voicesYoungAdult = []string{
	"College treats you like an adult, which is great until you need someone to ring when you don’t turn up.",
	"I’ve got my Level 2 and I’m on to Level 3. I was told in Year 9 I’d never sit an exam.",
	"Bus fare is the thing. If it runs out on the 20th, I don’t come after the 20th.",
	"I’m resitting maths for the second time and I’m closer every time: 2, then 3. Watch this space.",
	"I want to move into my own place, but not in the same month as my exams. Can someone please write that down?",
	"I’ve started an apprenticeship two days a week. They call me by my name and I get paid.",
	"I’m applying to university. I don’t know what happens in the holidays when everyone goes home.",
	"Driving theory: passed. Nobody here asked about it, so I’m telling you.",
}
