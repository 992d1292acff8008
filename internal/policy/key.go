package policy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
)

// Key names one local value in table policy_value.
type Key string

// The values a council may set.
const (
	PEPInitiateWorkingDays     Key = "pep.initiate_working_days"
	PEPCompleteWorkingDays     Key = "pep.complete_working_days"
	PEPGapMonths               Key = "pep.gap_months"
	PEPSignOffWorkingDays      Key = "pep.sign_off_working_days"
	PEPSchoolChangeWorkingDays Key = "pep.school_change_working_days"
	PEPQualityRubric           Key = "pep.quality_rubric"
	PEPQualitySamplePercent    Key = "pep.quality_sample_percent"
	PEPQualityNewAuthorPlans   Key = "pep.quality_new_author_plans"
	PEPQualitySecondPercent    Key = "pep.quality_second_percent"
	PEPMinimumTermDays         Key = "pep.minimum_term_working_days"
	PEPFirstYear               Key = "pep.first_year"
	PEPLastYear                Key = "pep.last_year"
	VoiceAnswerWorkingDays     Key = "voice.answer_working_days"
	PEPDraftDays               Key = "pep.draft_days"
	PremiumDeputyLimit         Key = "premium.deputy_limit_pence"
	PremiumScheme              Key = "premium.scheme"
	PremiumTwoApprovers        Key = "premium.two_approvers_pence"
	PremiumPanel               Key = "premium.panel_pence"
	AttendanceMinimumSessions  Key = "attendance.minimum_possible_sessions"
	TimetableReviewWeeks       Key = "timetable.review_weeks"
	AuthorityPostcodeDistricts Key = "authority.postcode_districts"
	AccountReviewDays          Key = "account.review_days"
	AccountQuietDays           Key = "account.quiet_days"
	LookingManyChildren        Key = "looking.many_children"
	LookingManyTimes           Key = "looking.many_times"
	LookingOpensHour           Key = "looking.opens_hour"
	LookingClosesHour          Key = "looking.closes_hour"
	LookingOddChildren         Key = "looking.odd_children"
	LookingNotOwnChildren      Key = "looking.not_own_children"
	LookingAloneDays           Key = "looking.alone_days"
	SecondFactorRoles          Key = "account.second_factor"
	PasskeyRoles               Key = "account.passkey"
	RetentionWithoutCareYears  Key = "retention.without_care_years"
)

// Definition says what a key means and what holds while the council has set nothing.
type Definition struct {
	Key     Key
	Label   string
	Default any    // int, string (a name), money.Pence, []string or []access.Role
	Source  string // why the default is what it is
	low     int
	high    int
}

// Definitions are all the keys, in the order a page lists them.
var Definitions = []Definition{
	{PEPInitiateWorkingDays, "Working days from coming into care to starting the first PEP", 10,
		"usual practice: 10 working days from becoming looked after", 1, 60},
	{PEPCompleteWorkingDays, "Working days from coming into care to completing the first PEP", 20,
		"by the first care review, 20 working days (Care Planning Regulations 2010 reg. 33(1))", 1, 60},
	{PEPGapMonths, "Most months between two PEP meetings", 4,
		"usual practice: reviewed every term, never more than 4 months apart", 1, 12},
	{PEPSignOffWorkingDays, "Working days from the meeting to a complete PEP", 5,
		"usual practice: 5 working days after the meeting", 1, 60},
	{PEPSchoolChangeWorkingDays, "Working days from a change of school to a new PEP", 10,
		"usual practice: 10 working days from the new roll", 1, 60},
	{PEPQualityRubric, "Rubric by which PEPs are graded", "rag",
		"usual practice: red, amber, green", 0, 0},
	{PEPQualitySamplePercent, "Share of submitted PEPs that must be graded, in percent", 25,
		"usual practice: at least one of each school every term, and a share of the rest", 0, 100},
	{PEPQualityNewAuthorPlans, "First PEPs of a new author that are always graded", 3,
		"usual practice: new designated teachers first", 0, 20},
	{PEPQualitySecondPercent, "Share of graded PEPs that a second educator marks blind, in percent", 10,
		"usual practice: moderation on a sample", 0, 100},
	{PEPMinimumTermDays, "Working days of a term in care that make its PEP review due", 20,
		"usual practice: 20 working days, so that the first care review has been held", 1, 60},
	{PEPFirstYear, "First school year with a PEP", -2,
		"usual practice: from the school year of the third birthday", -4, 1},
	{PEPLastYear, "Last school year with a PEP", 13,
		"usual practice: to the end of Year 13", 11, 15},
	{VoiceAnswerWorkingDays, "Working days to answer what a child asked for", 20,
		"usual practice: within 20 working days, so before the next meeting", 1, 60},
	{PEPDraftDays, "Days that words typed into a PEP and not saved are kept", 30,
		"as long as a form may stay open", 1, 365},
	{PremiumDeputyLimit, "Most a deputy may approve of Pupil Premium Plus on one request", money.Pence(150000),
		"example limit of £1,500, until the council sets its own", 0, int(money.Most)},
	{PremiumScheme, "Paying policy for Pupil Premium Plus", "needs_led",
		"usual practice: needs-led, decided request by request", 0, 0},
	{PremiumTwoApprovers, "Above this, Pupil Premium Plus needs two approvers (£0: never)", money.Pence(0),
		"none, until the council asks for a second approver", 0, int(money.Most)},
	{PremiumPanel, "Above this, Pupil Premium Plus is approved only after a panel (£0: never)", money.Pence(0),
		"none, until the council has a panel", 0, int(money.Most)},
	{AttendanceMinimumSessions, "Fewest possible sessions for a persistent absence flag", 20,
		"below 20 possible sessions a rate says little", 1, 400},
	{TimetableReviewWeeks, "Most weeks between two reviews of a reduced timetable", 6,
		"usual practice: at least every 6 weeks, because it is for the shortest time", 1, 12},
	{AccountReviewDays, "Days from the start of a term to having reviewed who has access", 28,
		"usual practice: accounts of schools and social workers are confirmed each term", 7, 120},
	{AccountQuietDays, "Days without signing in after which an account is listed for ending", 90,
		"usual practice: 90 days, about a term", 30, 365},
	{AuthorityPostcodeDistricts, "Postcode districts inside the authority", []string{},
		"none entered", 0, 0},
	{LookingManyChildren, "Fewest children seen in a day that count as many", 30,
		"about a caseload", 5, 1000},
	{LookingManyTimes, "How many times a person’s usual day that must be", 3,
		"a busy day is often twice a usual one", 2, 20},
	{LookingOpensHour, "Hour from which records are opened as usual", 7,
		"usual practice: offices and schools open between 7 and 9", 0, 12},
	{LookingClosesHour, "Hour from which opening records is out of hours", 19,
		"usual practice: meetings with carers end by 7 in the evening", 12, 24},
	{LookingOddChildren, "Fewest children in a week, out of hours, to ask about", 3,
		"one child is often a call that night", 1, 100},
	{LookingNotOwnChildren, "Fewest children in a week who are not a person’s own, to ask about", 10,
		"a lead or a data officer opens others’ records as a matter of course", 1, 1000},
	{LookingAloneDays, "Days in a week with a child whom nobody else opened, to ask about", 2,
		"once may be a mistake", 1, 7},
	{SecondFactorRoles, "Roles that need a second factor to sign in", everyRoleButColleague,
		"whoever works with children by their post: a stolen password alone opens nothing", 0, 0},
	{PasskeyRoles, "Roles that need a passkey", []access.Role{access.Head, access.Deputy, access.DataOfficer},
		"those who decide money or manage accounts: a passkey cannot be talked out of anybody", 0, 0},
	// The database reads the same value, and the same default (migration 000054).
	{RetentionWithoutCareYears, "Years that a record of somebody who was never in care is kept after the last contact", 6,
		"usual practice: six years, as long as a claim can be brought", 1, 75},
}

var everyRoleButColleague = slices.DeleteFunc(slices.Clone(access.Roles), func(role access.Role) bool { return role == access.Colleague })

// Limits are the least and the most that a number may be.
func (d Definition) Limits() (low, high int) { return d.low, d.high }

// Definition finds the definition of a key; false for a key nobody knows.
func (k Key) Definition() (Definition, bool) {
	for _, definition := range Definitions {
		if definition.Key == k {
			return definition, true
		}
	}
	return Definition{}, false
}

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

var districtShape = regexp.MustCompile(`^[A-Z]{1,2}[0-9][0-9A-Z]?$`)

// tidy checks a value against its definition and gives it in the form it is stored in.
// The error's text may be shown.
func (d Definition) tidy(value any) (any, error) {
	switch d.Default.(type) {
	case int, money.Pence:
		var number int
		switch given := value.(type) {
		case int:
			number = given
		case money.Pence:
			number = int(given)
		default:
			return nil, fmt.Errorf("%s must be a number", d.Label)
		}
		if number < d.low || number > d.high {
			return nil, fmt.Errorf("%s must be from %s to %s", d.Label, d.shown(d.low), d.shown(d.high))
		}
		return number, nil
	case string:
		name, ok := value.(string)
		if !ok || !nameShape.MatchString(name) {
			return nil, fmt.Errorf("%s must be a name in small letters", d.Label)
		}
		return name, nil
	case []access.Role:
		roles, ok := value.([]access.Role)
		if !ok || slices.ContainsFunc(roles, func(role access.Role) bool { return !role.Known() }) {
			return nil, fmt.Errorf("%s must be roles that a person can hold", d.Label)
		}
		return slices.DeleteFunc(slices.Clone(access.Roles), func(role access.Role) bool { return !slices.Contains(roles, role) }), nil
	}
	given, ok := value.([]string)
	if !ok {
		return nil, fmt.Errorf("%s must be a list", d.Label)
	}
	districts := []string{}
	for _, text := range given {
		district := strings.ToUpper(strings.TrimSpace(text))
		if !districtShape.MatchString(district) {
			return nil, fmt.Errorf("%s must be postcode districts, like DY1 or B62", d.Label)
		}
		districts = append(districts, district)
	}
	slices.Sort(districts)
	return slices.Compact(districts), nil
}

// Words is a value of this definition's type as a page says it.
func (d Definition) Words(value any) string {
	switch given := value.(type) {
	case []string:
		if len(given) == 0 {
			return "none"
		}
		return strings.Join(given, ", ")
	case []access.Role:
		if len(given) == 0 {
			return "none"
		}
		names := make([]string, len(given))
		for i, role := range given {
			names[i] = role.Name()
		}
		return strings.Join(names, ", ")
	case money.Pence:
		return given.String()
	}
	return fmt.Sprint(value)
}

func (d Definition) shown(number int) string {
	if _, isMoney := d.Default.(money.Pence); isMoney {
		return money.Pence(number).String()
	}
	return fmt.Sprint(number)
}

// read gives a stored value in the type of the definition's default; false when it is not one.
func (d Definition) read(stored json.RawMessage) (any, bool) {
	switch d.Default.(type) {
	case []string:
		var districts []string
		err := json.Unmarshal(stored, &districts)
		return districts, err == nil
	case []access.Role:
		var roles []access.Role
		err := json.Unmarshal(stored, &roles)
		return roles, err == nil
	case string:
		var name string
		err := json.Unmarshal(stored, &name)
		return name, err == nil
	case money.Pence:
		var amount money.Pence
		err := json.Unmarshal(stored, &amount)
		return amount, err == nil
	default:
		var number int
		err := json.Unmarshal(stored, &number)
		return number, err == nil
	}
}
