package rights

import (
	"fmt"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/policy"
	"virtualschool/internal/rights/record"
)

// Activity is one line of the record of processing activities (UK GDPR art. 30(1)).
type Activity struct {
	Name       string
	Purpose    string
	Basis      string
	About      string   // whose data it is
	Categories []string // what is held: read off what a copy of a record reads
	Recipients []string // who receives it: read off the table of who may do what
	Kept       string
}

// What the law says, in one place.
const (
	publicTask  = "Legal obligation and public task: UK GDPR article 6(1)(c) and (e), with the Children Act 1989, sections 22(3A) and 23ZZA"
	specialToo  = "; special categories under article 9(2)(g), with the Data Protection Act 2018, Schedule 1, paragraphs 6 and 18"
	careRecord  = "With the care record: until the 75th anniversary of the child’s birth or, where a child dies before 18, 15 years from the death (Care Planning Regulations 2010, regulation 50; R50). Adopted children: 100 years from the order. Then two people decide, and it is deleted by hand"
	aboutRecord = "As long as the record that it is about"
)

// ofChapter is why a part of the record is kept, and the action that gives sight of it.
var ofChapter = []struct {
	chapter record.Chapter
	name    string
	purpose string
	special bool
	sees    access.Action
}{
	{record.You, "Who the child is", "To know each child in care, and to match files about them", true, access.SeeChild},
	{record.Care, "Time in care", "To know when duties to promote education begin and end, and what plans must take into account", true, access.SeeCareHistory},
	{record.Schools, "Schools, needs and school places", "To know where the child learns, and to find a place without delay", true, access.SeeChild},
	{record.Plans, "Personal Education Plans", "To make, review and improve the education part of the care plan", true, access.SeePEP},
	{record.Voice, "What the child said and asked for", "To give due weight to the child’s wishes, and to answer them", true, access.SeeWishes},
	{record.Attendance, "Attendance", "To see early that a child misses school, and to act", false, access.SeeAttendance},
	{record.Suspensions, "Suspensions and exclusions", "To know of them at once, and to prevent the next", true, access.SeeSuspensions},
	{record.Provision, "Reduced timetables and other provision", "To see that every child has a full and safe education", true, access.SeeRegisters},
	{record.Money, "Pupil Premium Plus", "To manage the grant for the benefit of the children it is paid for", false, access.SeePremium},
	{record.Notes, "Notes", "To remember what was said and done for the child", true, access.SeeNotes},
	{record.Documents, "Documents", "To keep the papers that decisions rest on", true, access.SeePremium},
	{record.People, "Who works with the child", "To show the record to those who work with the child now, and to nobody else", false, access.SeeChild},
	{record.Requests, "Requests and corrections", "To answer what people ask of their record", false, access.HearCorrection},
	{record.Looks, "Who looked and who changed", "To protect the child: everybody who opens a record is written down", false, access.SeeLooks},
}

// Register is the record of processing activities as it stands: what is held from what a copy of a record
// reads, who receives it from the table of who may do what, how long from the rules that hold.
func Register(values policy.Values) []Activity {
	var list []Activity
	for _, one := range ofChapter {
		activity := Activity{Name: one.name, Purpose: one.purpose, Basis: publicTask, About: "Children in care, and people named in their records", Categories: record.Held(one.chapter), Recipients: receivers(one.sees), Kept: careRecord}
		if one.special {
			activity.Basis += specialToo
		}
		if one.chapter == record.Looks || one.chapter == record.Requests {
			activity.Kept = aboutRecord
		}
		list = append(list, activity)
	}
	return append(list,
		Activity{Name: "Accounts and signing in", Purpose: "To let those in, and only those, who work with the children", Basis: publicTask, About: "Staff of the council and of schools",
			Categories: []string{"Names and work email addresses", "Roles, schools and dates", "Sessions and failed sign-ins, the latter as hashes"}, Recipients: receivers(access.ManageAccounts),
			Kept: "Names as long as a record they wrote in or looked at; sessions and failed sign-ins until they are over"},
		Activity{Name: "Words not yet saved", Purpose: "To lose nothing that somebody types in a plan", Basis: publicTask + specialToo, About: "Children in care",
			Categories: []string{"Drafts of sections of plans"}, Recipients: []string{"Only who typed them"}, Kept: fmt.Sprintf("%d days after they were last typed", values.PEPDraftDays())},
		Activity{Name: "Copies of records", Purpose: "To hand over what somebody asked to see", Basis: "Legal obligation: UK GDPR article 15", About: "Children in care, and people named in their records",
			Categories: []string{"The whole record, without what the law keeps back"}, Recipients: append(receivers(access.FetchSubjectAccess), "Who asked, from hand to hand"), Kept: fmt.Sprintf("%d days after release; what was asked and decided as long as the record", Kept)},
		Activity{Name: "Certificates of deleted records", Purpose: "To show that a record went when its time was over, who decided, and that the books and the audit are whole", Basis: publicTask, About: "Staff who decided; nobody else is named",
			Categories: []string{"Which rule, which dates, how much was deleted, why", "Entries of the grant’s ledger without their child", "Fingerprints of lines of the audit"}, Recipients: receivers(access.DeleteRecord), Kept: "For good"})
}

// Kinds are what a record is made of, in the register's words and order, and how many of the rows counted by
// table are of each; nothing is said of what has none. What a copy of a record leaves out comes last.
func Kinds(rows map[string]int) (names []string, counts []int) {
	of := map[record.Chapter]int{}
	working := 0
	for table, n := range rows {
		if chapter, read := record.ChapterOf(table); read {
			of[chapter] += n
		} else {
			working += n
		}
	}
	for _, one := range ofChapter {
		if of[one.chapter] > 0 {
			names, counts = append(names, one.name), append(counts, of[one.chapter])
		}
	}
	if working > 0 {
		names, counts = append(names, "Working copies: drafts, prints, lines of files that were read, copies of the record"), append(counts, working)
	}
	return names, counts
}

// receivers are the roles that have an action, as people say them.
func receivers(action access.Action) []string {
	at := slices.IndexFunc(access.Rules, func(rule access.Rule) bool { return rule.Action == action })
	if at < 0 {
		return nil
	}
	var list []string
	for _, role := range access.Rules[at].Roles {
		list = append(list, role.Name())
	}
	return list
}
