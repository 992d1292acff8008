package account

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// State is how far an account has come.
type State string

const (
	Invited State = "invited"
	Active  State = "active"
	Ended   State = "ended"
)

// States in the order an account goes through them.
var States = []State{Invited, Active, Ended}

// Name is the state as screens say it.
func (s State) Name() string {
	return map[State]string{Invited: "Invited", Active: "Active", Ended: "Ended"}[s]
}

// Post is what a person is at a school they belong to.
type Post string

const (
	// DesignatedTeacher has the statutory duty for children in care there (Children and Young Persons
	// Act 2008 section 20).
	DesignatedTeacher Post = "designated_teacher"
	Colleague         Post = "colleague"
)

// Posts in the order screens list them.
var Posts = []Post{DesignatedTeacher, Colleague}

// Name is the post as screens say it.
func (p Post) Name() string {
	return map[Post]string{DesignatedTeacher: "Designated teacher", Colleague: "School colleague"}[p]
}

// Account is a person's account as pages show it.
type Account struct {
	ID         int64
	Email      string
	Name       string
	Role       access.Role
	State      State
	CreatedAt  time.Time
	SignedInAt *time.Time
	EndedAt    *time.Time
	Version    int
}

// Membership says that a person belongs to a setting from the first day to the day before Until;
// a zero Until is no end yet.
type Membership struct {
	ID          int64
	SettingID   int64
	Setting     string
	Post        Post
	From, Until calendar.Date
}

// LastDay is the last day the person belongs there; zero for no end yet.
func (m Membership) LastDay() calendar.Date {
	if m.Until.IsZero() {
		return calendar.Date{}
	}
	return m.Until.AddDays(-1)
}

// On says whether the membership holds on a day.
func (m Membership) On(day calendar.Date) bool {
	return calendar.Range{Start: m.From, End: m.Until}.Contains(day)
}

// NewMembership is a membership to be made. A zero LastDay is no end yet.
type NewMembership struct {
	SettingID     int64
	Post          Post
	From, LastDay calendar.Date
}

func (m NewMembership) check() fault.Problems {
	var problems fault.Problems
	if m.SettingID == 0 {
		problems.Add("setting", "Choose a school")
	}
	if m.Post != DesignatedTeacher && m.Post != Colleague {
		problems.Add("post", "Choose what this person is at the school")
	}
	if m.From.IsZero() {
		problems.Add("from", "Enter the first day")
	}
	if !m.LastDay.IsZero() && m.LastDay.Before(m.From) {
		problems.Add("last", "The last day must not be before the first day")
	}
	return problems
}

// NewAccount is an account to be made. A person at a school belongs to one or more settings, anyone
// else to none.
type NewAccount struct {
	Email    string
	Name     string
	Role     access.Role
	Settings []NewMembership
	// Confirmed is the name typed once more, for an address that is none of the school's (SchoolDomains).
	Confirmed string `json:",omitempty"`
}

// mostName is how long a person's name may be, in characters.
const mostName = 200

// Check says what is wrong with an account to be made.
func (n NewAccount) Check() fault.Problems {
	var problems fault.Problems
	if tidyEmail(n.Email) == "" {
		problems.Add("email", "Enter an email address, like name@example.gov.uk")
	}
	problems = append(problems, checkName(n.Name)...)
	if !n.Role.Known() {
		problems.Add("role", "Choose a role")
	}
	if n.Role == access.School && len(n.Settings) == 0 {
		problems.Add("setting", "Choose the school where this person works")
	}
	if n.Role.Known() && n.Role != access.School && len(n.Settings) > 0 {
		problems.Add("setting", "Only people at a school belong to a school. Leave this empty, or choose the role "+access.School.Name()+".")
	}
	for _, membership := range n.Settings {
		problems = append(problems, membership.check()...)
	}
	return problems
}

func checkName(name string) fault.Problems {
	var problems fault.Problems
	switch {
	case strings.TrimSpace(name) == "":
		problems.Add("name", "Enter the person's name")
	case utf8.RuneCountInString(name) > mostName:
		problems.Addf("name", "Name must be %d characters or fewer", mostName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		problems.Add("name", "Name has a character that cannot be used. Type it again without it.")
	}
	return problems
}

// tidyEmail is an email address as it is kept, in small letters; empty when it is not one.
func tidyEmail(typed string) string {
	email := strings.ToLower(strings.TrimSpace(typed))
	if len(email) > 254 {
		return ""
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email {
		return ""
	}
	for _, r := range email {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"(),:;<>[\]`, r) {
			return ""
		}
	}
	if _, domain, _ := strings.Cut(email, "@"); !strings.Contains(domain, ".") {
		return ""
	}
	return email
}
