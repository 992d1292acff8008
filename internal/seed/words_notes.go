package seed

// remark is a note on a child's timeline.
type remark struct{ kind, words string }

var remarks = []remark{
	{"call", "Rang the designated teacher: settled after half-term, two good weeks. Tuition begins Monday."},
	{"call", "Carer rang. {name} did not want to go in this morning. Agreed that the mentor meets {name} at the gate tomorrow."},
	{"visit", "Saw {name} at school. Showed me the book that is being read. Talked about the trip."},
	{"visit", "Visited with the social worker. {name} had questions about the move and wrote them down."},
	{"meeting", "Met school and carers about Mondays. Contact will be earlier on Sundays from now on."},
	{"meeting", "Annual review of the education, health and care plan: provision stays, speech and language is added."},
	{"email", "School asked for advice on anniversaries. Sent the guide for staff and offered a twilight session."},
	{"email", "Asked the former school for the file again."},
	{"other", "Transport confirmed for the new placement, first day Monday."},
	{"meeting", "Spoke with the head of year about seating and the time-out card. All teachers will have the one-page profile."},
	{"call", "Social worker rang: court date moved. School told, so that the mock examinations can be moved too."},
}

var successes = []remark{
	{"success", "{name} read a poem to the whole school in assembly. From memory."},
	{"success", "First full week without a late mark since the move. The carer sent a photograph of the certificate."},
	{"success", "Picked for the district athletics team."},
	{"success", "Grade 5 in the mathematics mock: two grades up since spring."},
	{"success", "{name} finished the reading scheme and chose a book to keep."},
	{"success", "Star of the week. {name} put it on the fridge, and has not let anyone take it down."},
	{"success", "Bronze award: the expedition was wet, and {name} cooked for the group."},
	{"success", "Spoke at the children in care council and asked the director a question she had to take away."},
	{"success", "100% attendance this half-term."},
	{"success", "Went on the residential, the first night away that was {name}’s own choice."},
	{"success", "Offer from the college, on the first-choice course."},
}

// wish is what money is asked for.
type wish struct {
	category, purpose, difference string
	pounds                        int // about
	low, high                     int // curriculum years
	item                          string
	many                          int // of the item, in the whole price; 0: not itemised
}

var wishes = []wish{
	{"one_to_one_tuition", "Twelve hours of tuition in mathematics with one tutor, weekly after school.", "{name} closes the gap in number work and is ready for the next unit with the class.", 540, 3, 11, "Tuition in mathematics, one hour", 12},
	{"one_to_one_tuition", "Fifteen hours of tuition in English, online, at home with the carer nearby.", "A grade up in the summer examinations, and {name} writes without being afraid of it.", 675, 9, 13, "Tuition in English online, one hour", 15},
	{"small_group", "A place in the reading group of three, two terms.", "Reading age up by nine months.", 320, 1, 6, "", 0},
	{"literacy", "Daily reading scheme and books to keep at home.", "{name} reads at home for pleasure, and blends with confidence.", 180, -1, 4, "", 0},
	{"numeracy", "Number programme with a trained assistant, ten weeks.", "Secure with numbers to 100, and no more tears over them.", 290, 0, 4, "", 0},
	{"speech_and_language", "Eight sessions with a speech and language therapist, and a programme for staff.", "{name} is understood by other children, and asks for help in words.", 760, -2, 5, "Session with a therapist", 8},
	{"therapeutic", "Drawing and talking sessions in school, twelve weeks.", "Fewer times out of class, and a person to go to.", 600, 0, 11, "Session", 12},
	{"mentoring", "A mentor from the community project, one hour a week for a term.", "No more suspensions, and lessons caught up.", 840, 7, 11, "Hour with a mentor", 12},
	{"attendance", "Breakfast club and an early start with the attendance mentor until the new journey is settled.", "In school and on time from the first lesson.", 310, 2, 11, "", 0},
	{"equipment", "A laptop with safe settings, and a desk lamp.", "Homework done in a quiet place and handed in.", 420, 5, 13, "Laptop with safe settings, and lamp", 1},
	{"equipment", "Software and a reading pen for a pupil with dyslexia.", "{name} reads examination questions without a reader.", 230, 4, 11, "", 0},
	{"enrichment", "Trumpet lessons for three terms, and the hire of an instrument.", "Confidence, and something that goes with {name} wherever home is.", 360, 3, 9, "Month of lessons and hire", 10},
	{"enrichment", "The residential in June, with kit.", "{name} goes with the class, as everyone does.", 275, 5, 9, "", 0},
	{"exams", "Revision guides, and the Easter school.", "{name} sits all papers, prepared.", 150, 10, 11, "", 0},
	{"transition", "A transition worker for six sessions before and after the move to Year 7.", "{name} starts in September knowing the building and two adults.", 480, 6, 7, "Session with a transition worker", 6},
	{"staff_training", "Attachment training for the year team.", "Every adult whom {name} meets answers in the same way.", 650, 0, 11, "", 0},
	{"alternative_provision", "One day a week at the farm school for a term, over what the school funds.", "Attendance above 90% on the other four days.", 1380, 8, 11, "Day at the farm school", 12},
	{"mentoring", "A progression mentor at college, fortnightly.", "Stays on the course, and passes the first year.", 520, 12, 13, "", 0},
}

var partReasons = []string{
	"The school’s own budget for special educational needs pays for the first six hours.",
	"We approve the first half-term now. Ask again with the results.",
	"The instrument can be lent by the music service, so the lessons alone are approved.",
}

var refusals = []string{
	"Uniform is paid by the carer’s allowance and cannot be paid from this grant.",
	"The education, health and care plan already provides this. Please speak with the SEND team.",
}

var questions = []string{
	"Which target is this for, and who will give the sessions?",
	"Please say what {name} has had so far and what difference it made.",
	"Is there a quote? The price is above what others charge.",
}

var suspensionNotes = []string{
	"Pushed another pupil in the corridor after something was said about family. Social worker told the same day.",
	"Swore at a teacher and left the site. Came back within the hour.",
	"Threw a chair in an empty classroom. No one was hurt. Return meeting with carer and advisor.",
	"Persistent disruption in three lessons. Work sent home.",
	"Fight at lunch. Both pupils suspended.",
}
