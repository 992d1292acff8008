package seed

// What people write in the tables of a plan, by question: sets of rows. A day is so many working days
// before the plan is written.
var tables = map[string][][]map[string]any{
	"provision": {
		{{"support": "Reading, one to one", "who": "Teaching assistant", "hours": "1.5", "helps": "Yes"}, {"support": "Check-in each morning", "who": "Learning mentor", "hours": "1", "helps": "Yes"}},
		{{"support": "Mathematics tuition", "who": "Tutor", "hours": "2", "helps": "Partly"}},
		{{"support": "Speech and language", "who": "Therapist", "hours": "1", "helps": "Too soon to say"}, {"support": "Small group for writing", "who": "Class teacher", "hours": "2.5", "helps": "Not yet"}},
	},
	"tests": {
		{{"test": "Single word reading", "taken": 20, "result": "7 years 4 months"}},
		{{"test": "Reading age", "taken": 35, "result": "9 years 2 months"}, {"test": "Spelling", "taken": 35, "result": "8 years 6 months"}},
	},
	"exams": {
		{{"subject": "English language", "level": "GCSE", "support": "Reader, 25% extra time"}, {"subject": "Mathematics", "level": "GCSE", "support": "25% extra time"}, {"subject": "Food preparation", "level": "Vocational"}},
		{{"subject": "Mathematics", "level": "Functional skills", "support": "Separate room"}},
	},
	"outcomes": {
		{{"outcome": "Asks for help with words or a card", "progress": "On the way", "next": "Uses the card in two other rooms"}, {"outcome": "Reads and follows a written day plan", "progress": "Slow", "next": "Photographs beside the words"}},
		{{"outcome": "Works beside another child for ten minutes", "progress": "Reached", "next": "In a group of three"}},
	},
	"courses": {
		{{"course": "Hospitality and catering", "level": "Level 2", "current": "Pass", "expected": "Merit"}},
		{{"course": "Biology", "level": "Level 3", "current": "C", "expected": "B"}, {"course": "Psychology", "level": "Level 3", "current": "B", "expected": "B"}, {"course": "Photography", "level": "Level 3", "current": "A", "expected": "A"}},
		{{"course": "Motor vehicle maintenance", "level": "Level 1", "current": "On track", "expected": "Pass"}},
	},
	"results":      {{{"subject": "Mathematics resit", "result": "3", "given": 50}}},
	"tried":        {{{"what": "Apprenticeship at Hartwell Garage", "when": 30, "outcome": "Trial day, then offered"}, {"what": "Catering at Marl Valley College", "when": 55, "outcome": "Course was full"}}},
	"lessons":      {{{"provider": "Tutor from an agency", "subject": "English and mathematics", "hours": "9", "since": 10}, {"provider": "Online school", "subject": "Science", "hours": "4", "since": 6}}},
	"applications": {{{"school": "Kingsbourne Academy", "asked": 9, "answer": "Waiting"}, {"school": "The Weir Academy", "asked": 12, "answer": "Refused"}}},
	"timetable": {{{"provider": "Tutor at home", "subject": "English and mathematics", "where": "At home", "hours": "7.5"}, {"provider": "Forest programme", "subject": "Outdoor learning", "where": "Outdoors", "hours": "5"},
		{"provider": "Online school", "subject": "Science and art", "where": "Online", "hours": "4"}}},
	"next_days": {{{"what": "The school keeps the place; a taxi is arranged", "who": "Social worker", "by": -2}, {"what": "Key adult rings each evening", "who": "Learning mentor", "by": -5}}},
}
