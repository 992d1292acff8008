package seed

import (
	"math/rand/v2"
	"strings"
)

// A people shares a way of naming. Code is the return's for the ethnic group.
type people struct {
	ethnicity string
	share     int // of a hundred
	girls     string
	boys      string
	surnames  string
}

// Common names, put together by chance: none is meant to be anybody's.
var peoples = []people{
	{"WBRI", 58,
		"Amelia Olivia Isla Poppy Ruby Evie Grace Freya Phoebe Lily Chloe Maisie Ellie Daisy Lola Skye Jessica Holly Tilly Scarlett Martha Edith Bethany Keira",
		"Jack Alfie Harry Oscar Charlie Archie Jacob Logan Tyler Callum Riley Finley Jayden Kian Ethan Reece Toby Lewis Dylan Harvey Connor Bailey Rowan Corey",
		"Ashdown Barrowby Brindle Calloway Cartwright Croxley Dunmore Eastwick Fairbairn Fletcher Garside Hargrave Holloway Kettle Langley Marchbank Millward Nuttall Oakden Pemberton Quilter Redfern Shawcross Stanier Thistlewood Tranter Underhill Wagstaff Whitlock Yardley"},
	{"WOTH", 6,
		"Zuzanna Maja Julia Oliwia Ioana Andreea Elžbieta Łucja Simona Zoë",
		"Jakub Kacper Szymon Matei Andrei Tomáš Luka Mateusz Łukasz Bogdan",
		"Wiśniewska-Nowak Zieliński Kowalczyk Popescu Ionescu Novák Dąbrowski Horváth Jankauskas Vasilescu"},
	{"WROM", 2,
		"Esmeralda Samanta Denisa Kristýna", "Marcel Denis Rikardo Dušan", "Lakatoš Horváthová Dunka Balog"},
	{"WIRT", 2,
		"Bridget Margaret Shannon Kathleen", "Martin Patrick Jimmy Thomas", "Connors O’Driscoll McDonagh O’Reilly"},
	{"MWBC", 7,
		"Kiara Shanice Leila Amara Tiana Jasmine", "Jaden Marcus Kai Jerome Tyrese Micah", "Campbell-Reid Grant Morrison Francis Bartley Lindo"},
	{"MWAS", 4,
		"Aaliyah Maya Leena Sara", "Adam Zain Rayan Joseph", "Hussain-Clarke Malik Rahman-Price Sharma"},
	{"APKN", 6,
		"Zara Aisha Hafsa Maryam Iqra Fatima", "Ibrahim Hamza Yusuf Bilal Haris Umar", "Mahmood Akhtar Iqbal Shah Bashir Yaqub"},
	{"AIND", 3,
		"Simran Anaya Priya Jasleen", "Arjun Rohan Gurpreet Dev", "Sandhu Bhatt Gill Patel"},
	{"ABAN", 2,
		"Nusrat Tahmina Sadia Anika", "Tanvir Rafi Shahid Nayeem", "Choudhury Miah Begum Islam"},
	{"BAFR", 5,
		"Adaeze Folasade Makeda Chidinma Abena Nala", "Tendai Kofi Chukwuemeka Samuel Yonas Emmanuel", "Okonkwo Mensah Tesfaye Adeyemi-Balogun Nkosi Boateng"},
	{"BCRB", 2,
		"Renée Naomi Tamika Zahra", "Jermaine Leon Isaiah Delroy", "Bogle Whyte Gordon Pinnock"},
	{"CHNE", 1, "Mei-Ling Xinyi Yan", "Jun Wei Ho-Yin", "Cheung Lau Zhang"},
	{"OOTH", 2, "Shirin Parwana Nour", "Dler Farhad Omid", "Rahimi Barzani Haddad"},
}

// Where young people who came alone are from, and names they might have.
var unaccompanied = []people{
	{"OOTH", 40, "Shabnam Zarghuna", "Ahmadzai Farid Zabihullah Najib Omar", "Stanekzai Rahmani Noori Wardak"},
	{"BAFR", 40, "Semhar Winta Hiwet", "Filmon Yohannes Abdirahman Mussie Idris", "Tekle Gebremariam Warsame Haile Osman"},
	{"OOTH", 20, "Jihan Rojin", "Rebwar Karwan Ali Minh", "Mohammadi Aziz Saleh Nguyen"},
}

func from(random *rand.Rand, words string) string { return pick(random, strings.Fields(words)) }

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

// chance is true so many times in a hundred.
func chance(random *rand.Rand, percent int) bool { return random.IntN(100) < percent }

// weighted picks one of several by their shares.
func weighted[T any](random *rand.Rand, list []T, share func(T) int) T {
	total := 0
	for _, one := range list {
		total += share(one)
	}
	at := random.IntN(total)
	for _, one := range list {
		if at -= share(one); at < 0 {
			return one
		}
	}
	return list[len(list)-1]
}

func (p people) name(random *rand.Rand, sex string) (forename, surname string) {
	if sex == "F" {
		return from(random, p.girls), from(random, p.surnames)
	}
	return from(random, p.boys), from(random, p.surnames)
}

// Staff are named apart from children, so that nobody looks for a family.
const (
	staffForenames = "Alison Amanda Anthony Beverley Carol Clare Daniel Deborah Eleanor Farah Gareth Graham Harpreet Helen Imran Janet Joanne Karen Kwame Laura Linda Manjit Marcus Naomi Nasreen Nicola Olu Paula Peter Rachel Rajesh Sandra Sharon Simon Stephen Suzanne Tariq Teresa Tracey Victoria"
	staffSurnames  = "Abbott Ahmed Allsop Bains Barker Bhogal Birch Brennan Chaudhry Cole Danks Doyle Edwards Ellis Farrow Foley Gilroy Hadley Hickman Ibrahim Jarrett Kaur Kendrick Lowe Mayhew McAllister Mistry Norris Owusu Parkes Perrin Pitt Rudge Sadiq Siddall Tandy Vickers Walters Westwood Wint"
)
