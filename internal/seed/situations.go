package seed

import "math/rand/v2"

// situation is what is particular about a child, beside what everybody has.
type situation string

const (
	ordinary         situation = ""
	outOfAuthority   situation = "lives and learns in another council"
	noSchool         situation = "has no school place"
	alone            situation = "unaccompanied"
	adoption         situation = "restricted, adoption"
	protection       situation = "restricted, protection"
	blocked          situation = "one person is kept from the record"
	afterSixteen     situation = "post-16"
	leftLastMonth    situation = "left care last month"
	adopted          situation = "adopted during the history"
	movedLastWeek    situation = "moved school last week"
	dual             situation = "on two rolls"
	outOfYear        situation = "taught out of year"
	longName         situation = "long name"
	singleName       situation = "single name"
	nameless         situation = "no name, only the identifier"
	shortBreaks      situation = "short breaks only"
	siblingOlder     situation = "older sibling"
	siblingYounger   situation = "younger sibling"
	cameLastWeek     situation = "came into care last week"
	firstPlanOverdue situation = "first plan overdue"
	wrongUPN         situation = "UPN with a wrong letter"
	missingUPN       situation = "UPN missing"
	unit             situation = "pupil referral unit"
	independent      situation = "independent special school"
	closedSchool     situation = "school closed"
	closingSchool    situation = "school is closing"
	excluded         situation = "many suspensions"
	infant           situation = "not yet two"
	atWork           situation = "past 16, at work or looking for it"
	otherwise        situation = "educated otherwise than at school"
)

// featured is each situation once, the first children of every demonstration however small. The
// second number is the curriculum year of the child today.
var featured = []struct {
	is   situation
	year int
}{
	{ordinary, 8}, {outOfAuthority, 9}, {noSchool, 10}, {alone, 11}, {longName, 5}, {cameLastWeek, 4}, {movedLastWeek, 8}, {siblingOlder, 6},
	{siblingYounger, 3}, {afterSixteen, 12}, {firstPlanOverdue, 2}, {excluded, 9}, {singleName, 10}, {nameless, 7}, {dual, 8}, {outOfYear, 9},
	{adoption, 1}, {protection, 7}, {blocked, 10}, {leftLastMonth, 8}, {wrongUPN, 3}, {missingUPN, 0}, {unit, 10}, {closedSchool, 5},
	{closingSchool, 4}, {shortBreaks, 6}, {independent, 9}, {infant, -4}, {adopted, 2},
	{atWork, 13}, {otherwise, 8},
}

// again is how often in a thousand an ordinary child turns out to be in a situation.
var again = []struct {
	is       situation
	thousand int
}{
	{outOfAuthority, 160}, {alone, 45}, {noSchool, 15}, {dual, 12}, {outOfYear, 10}, {longName, 15}, {wrongUPN, 15}, {missingUPN, 12}, {unit, 20},
	{independent, 18}, {closedSchool, 12}, {closingSchool, 12}, {leftLastMonth, 8}, {adopted, 10}, {cameLastWeek, 6}, {firstPlanOverdue, 6},
	{movedLastWeek, 5}, {adoption, 4}, {protection, 4}, {excluded, 20}, {shortBreaks, 3}, {nameless, 3}, {singleName, 3},
}

// situationOf is what is particular about the nth child, and the curriculum year they are in.
func situationOf(n int, random *rand.Rand) (situation, int) {
	if n < len(featured) {
		return featured[n].is, featured[n].year
	}
	year := weighted(random, yearShares, func(s yearShare) int { return s.share }).year
	at := random.IntN(1000)
	for _, one := range again {
		if at -= one.thousand; at < 0 {
			return one.is, fitting(one.is, year, random)
		}
	}
	if year < -2 {
		return infant, year
	}
	return ordinary, year
}

type yearShare struct{ year, share int }

// Children in care are older than children are: most are at secondary school.
var yearShares = []yearShare{{-4, 10}, {-3, 10}, {-2, 16}, {-1, 18}, {0, 26}, {1, 28}, {2, 32}, {3, 34}, {4, 38}, {5, 42}, {6, 46},
	{7, 60}, {8, 66}, {9, 74}, {10, 82}, {11, 88}, {12, 62}, {13, 48}}

// fitting is a year in which a situation makes sense.
func fitting(is situation, year int, random *rand.Rand) int {
	switch is {
	case alone:
		return 10 + random.IntN(4)
	case unit, independent, excluded:
		return 8 + random.IntN(4)
	case closedSchool, closingSchool:
		return 2 + random.IntN(4)
	case adoption, adopted:
		return random.IntN(4)
	case movedLastWeek, dual, noSchool, outOfYear, wrongUPN, firstPlanOverdue, outOfAuthority:
		return min(max(year, 1), 11)
	}
	return max(year, 0)
}

// fate is how far this term's plan has come.
type fate string

const (
	signed    fate = "signed off"
	submitted fate = "submitted"
	returned  fate = "returned"
	corrected fate = "returned, corrected and submitted again"
	finishing fate = "meeting held, being written up"
	planned   fate = "meeting planned"
	waiting   fate = "not started"
	late      fate = "overdue"
)

// fates in the order the first children have them, two and two: one for each advisor with a sign-in.
var fates = []fate{signed, submitted, returned, signed, finishing, planned, waiting, signed, corrected, late}

// fateOf is more often good the later in the term it is. Through is how much of it has passed, of a hundred.
func fateOf(n, through int, random *rand.Rand) fate {
	if n < len(featured) {
		return fates[n/2%len(fates)]
	}
	if at := random.IntN(100); at < through*3/4 {
		return signed
	} else if at >= 96 {
		return late
	}
	rest := []fate{submitted, submitted, submitted, returned, corrected, finishing, finishing, planned, planned, planned, waiting, waiting}
	return pick(random, rest)
}
