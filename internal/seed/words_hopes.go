package seed

// hope is something children ask for, by the curriculum years in which they do, and what can come of
// it. All made up.
type hope struct {
	low, high          int
	said               string
	done, will, cannot string
}

var hopes = []hope{
	{-1, 4, "I want to sit next to my friend.", "You sit next to your friend at the front table now.", "You will change places after half term, and your friend will be next to you.", "Your friend needs the quiet corner just now. You can be partners in PE."},
	{0, 6, "I would like someone to listen to me read who is not a teacher.", "A volunteer reads with you on Mondays and Thursdays.", "A Year 6 reading friend starts with you soon.", "Nobody is free this term. Your carer reads with you every evening until then."},
	{0, 6, "Can I go swimming with my class?", "The form is signed and your bag is packed every Friday.", "Your class swims from next month, and you go with them.", "The doctor says to wait until your ear is better. Then we ask again."},
	{1, 9, "I don’t want to be taken out of art for meetings.", "Meetings are in assembly now, never in art.", "From next half term nobody takes you out of art.", "The visitor comes only on Tuesdays. You get the art lesson again on Wednesday at lunch."},
	{2, 8, "I want my brother to see my work on the wall.", "Your brother came on Friday and saw it.", "Your brother comes to the open evening.", "Your brother’s school is too far on a school day. We sent him photos, and he rang you."},
	{3, 9, "I want to be in the football club.", "You are in the club, on Wednesdays after school, and your boots are paid for.", "There is a place for you from the start of next month.", "The club is full until summer. You are first on the list, and you can play at the park club until then."},
	{3, 11, "A quiet place for lunch.", "The library is open for you at lunch. Show your card.", "A room opens at lunch when the new assistant starts.", "There is no free room yet. You can eat in the medical room when it is too loud."},
	{5, 11, "I would like to learn the trumpet.", "Your first lesson was on Thursday, and you can take the trumpet home.", "The music service lends you a trumpet, and lessons start soon.", "There is no trumpet teacher this year. You chose the cornet instead."},
	{6, 13, "Tell me about trips early, so I can ask.", "Your carer may sign for day trips herself now, so you can say yes at once.", "From next term every trip is in your planner four weeks before.", "We cannot always know a month before. We promise a week."},
	{7, 11, "Stop giving my tutor Wednesdays. That is basketball.", "Your tutor comes on Mondays now.", "From next month your tutor comes on Mondays.", "Your tutor has only Wednesdays. You start half an hour later, after practice."},
	{7, 13, "One person I can go to, not a list of five.", "Mrs Lowe is your person. Her door is open at break.", "You choose your person with your tutor this month.", "Mrs Lowe leaves at Easter. Until then it is her, and you help to choose who is next."},
	{7, 13, "A laptop that works at home.", "It came on Monday, and the school showed you how to log in.", "It is ordered and comes before the holidays.", "There is no money left for a laptop this year. You can borrow one from the library every Friday."},
	{8, 11, "I want to drop French and do more art.", "Your timetable is changed: two more hours of art.", "You change over at the start of next term.", "The options are fixed until Year 10. You can use the art room after school."},
	{9, 13, "Help with my bus fare, all month.", "Your pass is for the whole year now.", "You get a pass for the year from next month.", "The college pays only for term days. Your social worker pays the rest until we find a better way."},
	{9, 13, "Work experience in a garage.", "You have a week at the garage in June.", "We have asked two garages, and one of them will say yes.", "The garage may not take anyone under 16. You visit it for a day instead."},
	{10, 13, "I don’t want to move house in my exam weeks.", "Your social worker wrote it into your plan: no move before the last exam.", "It is decided at your next review, and we have asked for it in writing.", "We could not promise it. If you have to move, you stay at your school and a taxi brings you."},
}

// sentWords are what young people write on a page of their own.
var sentWords = []struct{ good, hard, next string }{
	{"My friends and drama club.", "Being late because of the taxi.", "Something with people. Maybe a paramedic."},
	{"Maths, since I got Mr Khan.", "When people talk about me as if I am not there.", "College, and then my own flat."},
	{"PE and lunch.", "Homework in a loud house.", ""},
	{"I got a 6 in my mock.", "", "Engineering. I like to know why things break."},
	{"Having one person who asks how I am.", "English poems about families.", "I don’t know yet, and that is OK."},
}

// howKnown says how it is known that a child no longer wants something.
var howKnown = []string{"Told me at lunch that it is fine as it is now.", "Said on the phone to the social worker that it does not matter any more.", "Said at the review that there is something more important now."}
