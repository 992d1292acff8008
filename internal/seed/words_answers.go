package seed

// What people write in the sections of a plan, by question. {name}, {school} and {teacher} are filled in.
var answers = map[string][]string{
	"care_now": {
		"{name} has been with the same foster carers since the last plan and is settled. Bedtimes and homework have a routine.",
		"Placement is stable. {name} has own room and a place to study. Contact with mum is every second Saturday.",
		"{name} moved within the last few months. The carers are experienced, and {name} says it is the quietest house so far.",
		"Living with grandparents under a care order. There is support for them from the fostering team.",
		"Settled in the children’s home, with a key worker whom {name} trusts. Staff bring {name} to school themselves.",
		"There were some difficult weeks after contact was changed. It is calmer now, and the carers wish to continue.",
	},
	"carer_support": {
		"They read together most evenings, and the carer checks the homework app with {name} on Sundays.",
		"Carers come to every parents’ evening. {name} goes to swimming on Tuesdays and Scouts on Fridays.",
		"A quiet hour after tea for homework. The carer has asked school for the spelling lists in advance.",
		"Staff help with revision, and there is a desk and a laptop. {name} cooks on Wednesdays, which has helped with measuring.",
		"Carer takes {name} to the library every fortnight and to football on Saturdays, whatever the weather.",
	},
	"consent_contacts": {
		"The council shares parental responsibility with mum. Carers may consent to day trips; the social worker to anything overnight.",
		"Consent is delegated to the carers except for medical treatment and trips abroad. Photographs inside school only.",
		"Nobody but the carers and the social worker collects {name}. School has the list at the office.",
		"Mum is told about achievements by letter through the social worker. Dad is not to be given information about school.",
	},
	"agencies": {
		"Speech and language therapy, once a fortnight in school.",
		"Child and adolescent mental health service: assessment in spring, now reviews.",
		"None at present.",
		"Play therapy on Thursdays after school.",
	},
	"pathway": {
		"Pathway assessment is under way; the personal adviser has met {name} twice.",
		"Not yet 16.",
		"Pathway plan reviewed last month. {name} would like to stay put after 18.",
	},
	"attendance_comment": {
		"Absence was one illness and two medical appointments.",
		"Mondays after contact are hard. The carer rings us, and {name} starts with the mentor.",
		"Much better since transport was changed.",
		"Good. {name} likes the certificate at the end of each month.",
	},
	"behaviour": {
		"Polite and funny. {name} has two close friends and is kind to younger children.",
		"Mostly calm. Unstructured time is the hardest; lunch club has helped.",
		"Finds change difficult and shows it by leaving the room. The time-out card works when staff know about it.",
		"No concerns. Teachers would like to hear {name} speak up more.",
		"Some falling-out with friends by phone in the evenings, which comes into school in the morning.",
		"Has settled quickly. The buddy from the first week is now a real friend.",
	},
	"history": {
		"Nothing new since the last plan.",
		"Four schools before this one. Missed most of Year 2.",
		"The former school’s file arrived in October and shows good phonics work.",
		"No gaps. Same school throughout.",
	},
	"strengths": {
		"{name} has a strong memory for facts and loves to explain how things work.",
		"Very good at art: a painting hangs in the entrance hall.",
		"Works hard when the first step is shown. Reading has come on more than any time before.",
		"A natural leader in PE and fair to others.",
		"Attendance, effort, and now results. {name} should be proud.",
		"Mathematics. {name} sees patterns quickly and helps others at the table.",
		"Has found a voice in drama this term.",
	},
	"gaps": {
		"Writing is behind reading. Spelling of common words is practised daily.",
		"Place value and times tables, from what was missed in earlier years. Tuition once a week.",
		"Comprehension: understands when it is talked through. Pre-teaching of words before each unit.",
		"Concentration after lunch. Seating and short tasks.",
		"No gaps of concern; stretch in mathematics is planned.",
	},
	"catch_up": {
		"Ten weeks of tuition in English and mathematics, after school, with a snack first.",
		"Small group for two lessons a week in place of a second language.",
		"Homework club, and the head of year checks in on Fridays.",
	},
	"reading_age": {"7 years 4 months, October", "9 years 2 months, tested this term", "6 years 1 month", "11 years or more"},
	"exams": {
		"Entered for eight subjects. Reader and 25% extra time agreed.",
		"Mock examinations in the second week after the holiday. Separate room asked for.",
		"Functional skills in English this term, mathematics next.",
		"Too early.",
	},
	"needs": {
		"Attention and working memory: loses the thread of long instructions.",
		"Finds it hard to read other people’s faces and expects the worst.",
		"Speech is clear now, but understanding of longer sentences lags behind.",
		"Anxiety, seen as tummy aches and visits to the office.",
		"Reads slowly and avoids writing. Assessment shows specific learning difficulty.",
	},
	"support_works": {
		"Well. The key adult knows before anyone when it will be a difficult day.",
		"Tuition works, because it is the same person every week.",
		"Partly. The group is too large; we will try pairs.",
		"Very well in mornings. Afternoons need another look.",
		"No extra support is needed at present.",
	},
	"wellbeing": {
		"Sleeps better. Worries about brothers and asks to hear from them.",
		"Happy and well. Dentist and optician up to date.",
		"Anniversaries are hard: late November and Mother’s Day. Staff know.",
		"Had been biting nails and is now trying to stop. Enjoys the sensory room.",
		"Some low days. {name} talks with the school counsellor every week and says it helps.",
	},
	"interests": {
		"Football, football and drawing.", "Baking, the cat, and dinosaurs. In that order.", "Plays the keyboard by ear. Wants to join the choir.",
		"Gaming with friends, cycling, and lately chess.", "Swimming club twice a week: 400 metres badge.", "Dance, and helping in the school garden.",
		"Army cadets on Mondays.", "Reading manga, and drawing it.",
	},
	"aspirations": {
		"A vet, or somebody who looks after animals.", "Electrician: likes to know how things work.", "To be a footballer, and if not, a coach.", "A nurse, like the one who was kind.",
		"Something with computers. {name} has begun to write simple games.", "Chef. College course in catering is the first choice.", "Not sure yet, and that is fine.", "To go to university and study law.",
		"A social worker.",
	},
	"school_name": {"{school}"},
}

// reasons are the details of a question that is answered with yes.
var reasons = map[string][]string{
	"changes_planned":   {"A move to long-term carers in the same town is planned for the holidays. School stays the same.", "The court decides in spring whether {name} goes to live with an aunt. A visit to the school there is being arranged."},
	"reduced_timetable": {"Mornings only for four weeks after a long absence, with a review each Friday, until full time."},
	"moving":            {"To secondary school in September. Application made; first choice is near the carers. Visits with the designated teacher.", "To college in September. Two applications made, and an open day visited.", "From infant to junior school. Same site, and the key adult goes along for the first weeks."},
}

var returnReasons = []string{
	"The targets do not say how we will know. Please add a measure and where {name} is now.",
	"{name}’s own words read like an adult’s. Could somebody ask again, with the drawing sheet?",
	"Attendance in the plan differs from the register. Please check the figures.",
	"The actions have no dates that come before the next meeting.",
	"Tell us how last term’s money was used, and what changed.",
}

var carers = []string{"Sheila Marsden", "Paul and Denise Whittle", "Yvonne Cooper", "Nadia Rehman", "Trevor Haynes", "Maureen Tibbs", "Gloria Bennett", "Ian and Sue Parfitt", "Key worker at the home", "Grandmother"}
