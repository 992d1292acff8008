package seed

// goal is a target as a plan words it. Little, middle and older say for whom.
type goal struct {
	area, what, measure, baseline, resource string
	low, high                               int // curriculum years it suits
}

var goals = []goal{
	{"literacy", "{name} blends sounds to read three-letter words without help", "Reads 20 of 24 words on the class list", "Reads 7 of 24", "Ten minutes a day with a teaching assistant", -2, 1},
	{"communication", "{name} uses sentences of five words or more to ask for what is needed", "Heard three times a day for a week", "Two or three words, with pointing", "Speech and language programme, twice a week", -2, 1},
	{"wellbeing", "{name} comes in from the playground calmly with a key adult", "Four days of five", "One day of five", "Meet and greet at the gate", -2, 4},
	{"numeracy", "{name} counts, orders and writes numbers to 20", "Correct on two different days", "Secure to 10", "Number games at home and in the small group", -2, 1},
	{"independence", "{name} dresses for PE and manages belongings without being asked", "A full half-term", "Needs reminding each time", "Picture list on the peg", -2, 3},
	{"literacy", "{name} reads aloud at 90 words a minute with few mistakes", "Timed reading each fortnight", "62 words a minute", "Daily paired reading, and a book box at home", 2, 4},
	{"numeracy", "{name} knows the 3, 4 and 6 times tables by heart", "20 of 24 in the class check", "9 of 24", "Online practice for ten minutes a day", 2, 5},
	{"literacy", "{name} writes a page with full stops and capital letters throughout", "Three pieces in a row", "About half the sentences", "Small group, and a checklist on the desk", 2, 5},
	{"wellbeing", "{name} says what a feeling is and asks for a break before leaving the room", "Uses the card in 8 of 10 difficult moments", "Leaves the room about twice a day", "Emotional literacy support assistant, weekly", 1, 7},
	{"numeracy", "{name} adds and subtracts fractions with the same denominator", "16 of 20 in the unit test", "5 of 20", "One hour a week with a tutor", 4, 6},
	{"literacy", "{name} finds evidence in a text to answer why and how questions", "Expected standard in two practice papers", "Answers with single words", "Guided reading twice a week", 4, 6},
	{"communication", "{name} takes turns in a group discussion and builds on what others say", "Seen in three lessons", "Waits to be asked", "Talk partners in English lessons", 3, 8},
	{"aspiration", "{name} visits the new school twice and meets the form tutor before summer", "Both visits done and liked", "Has not seen it", "Transition worker for six sessions", 5, 6},
	{"other_subject", "{name} finishes a project in computing to show at the open evening", "Shown on the evening", "Has an idea", "Lunchtime club", 4, 9},
	{"literacy", "{name} raises reading age by nine months", "Reading test in twelve weeks", "9 years 2 months", "One-to-one reading, three times a week", 7, 9},
	{"numeracy", "{name} solves equations with one unknown", "Three end-of-unit tests at 60%", "38% in the last test", "Weekly tutor online, with the same tutor", 7, 9},
	{"attendance", "{name} is in school on at least 95% of sessions", "Register at the end of term", "88%", "First-day call to the carer, breakfast club", 7, 11},
	{"attendance", "{name} is on time for the first lesson every day", "No more than three late marks", "14 late marks last half-term", "Alarm, bus pass, and a check-in with the tutor", 7, 13},
	{"wellbeing", "{name} has an adult to go to and uses the agreed time out", "No suspensions, and no lesson missed without leave", "Two suspensions last term", "Mentor, weekly", 7, 11},
	{"literacy", "{name} plans and writes a full answer in English Language", "Grade 4 in two timed papers", "Grade 3", "Small group of four, weekly", 9, 11},
	{"numeracy", "{name} reaches grade 4 in a mathematics mock", "Mock in the second half of term", "Grade 3, 7 marks short", "One-to-one tuition, ten weeks", 9, 11},
	{"aspiration", "{name} completes a week of work experience and writes about it", "Week done, employer’s report", "Placement not yet agreed", "Careers adviser, two meetings", 10, 11},
	{"aspiration", "{name} holds an offer of a college place and a second choice", "Both offers in writing", "One application begun", "Visit to two open days with carer", 11, 11},
	{"other_subject", "{name} finishes the art portfolio to the standard of a grade 5", "Teacher’s moderation", "Grade 4", "Materials, and the studio on Thursdays", 10, 11},
	{"independence", "{name} revises to a timetable made by {name}", "Six weeks kept", "No timetable yet", "Desk, laptop and quiet hour at home", 9, 13},
	{"numeracy", "{name} passes the mathematics resit", "Grade 4 in November", "Grade 3", "Two hours a week of small-group teaching", 12, 13},
	{"attendance", "{name} attends every practical session on the course", "Register of the course", "Missed 5 of 18", "Travel pass and a named tutor to ring", 12, 13},
	{"aspiration", "{name} applies for university with a reference and a statement", "Sent by the deadline", "Draft statement", "Visit to two universities", 13, 13},
	{"independence", "{name} manages a monthly budget for travel and books", "Three months without running out", "Runs out in the third week", "Personal adviser", 12, 13},
	{"literacy", "{name} finishes the unit’s written work with help from the study coach", "Unit passed", "Two of five pieces handed in", "Study coach, weekly", 12, 13},
	{"communication", "{name} speaks in class once a lesson in English", "Five lessons in a row", "Answers when asked one-to-one", "English lessons, five hours a week", 9, 13},
}

// agreed is an action with who does it.
type agreed struct{ what, owner string }

var agreements = []agreed{
	{"Ask for the school report and the latest test results to be sent to the carer", "Designated teacher"},
	{"Arrange tuition to begin in the second week of term", "Designated teacher"},
	{"Check that the free travel pass has arrived", "Social worker"},
	{"Tell contact arrangements to school so that Mondays can be planned", "Social worker"},
	{"Send consent for the residential trip", "Carer"},
	{"Read together for ten minutes on school nights", "Carer"},
	{"Order the laptop and show how it is used safely", "Education advisor"},
	{"Invite the educational psychologist to observe", "Designated teacher"},
	{"Ask the council’s SEND team for a date of the annual review", "Education advisor"},
	{"Find out about trumpet lessons and the cost", "Designated teacher"},
	{"Share the one-page profile with all teachers", "Designated teacher"},
	{"Go to the open evening together", "Carer"},
	{"Ask for a later contact visit in the week of the exams", "Social worker"},
	{"Meet with {name} to go through this plan in plain words", "Education advisor"},
	{"Choose the library books for the holidays", "{name}"},
	{"Write down two questions for the careers meeting", "{name}"},
}

var outcomeNotes = map[string][]string{
	"met":             {"Reached three weeks early, and {name} told everyone.", "The daily ten minutes made the difference.", "Seen at home as well as in school.", "{name} chose the next one.", "Achieved in the last test, with marks to spare."},
	"partly":          {"Good start, then two weeks lost to a placement move.", "Most of the way: needs another half-term.", "Met in school, not yet at home.", "Improved in four lessons of five.", "Better than it was; the measure was a little too high."},
	"not_met":         {"Tuition began late, so there was too little time.", "{name} was not ready for this. We will try it another way.", "Attendance fell after the court hearing.", "The person who helped left, and nobody took over in time."},
	"carried_forward": {"Going well, to be continued.", "Continues with the new teacher.", "Needs the whole year."},
	"withdrawn":       {"No longer fits: the course has changed.", "{name} asked for a different target."},
}
