package setting

import (
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
)

// Status is how a setting stands. A closing one is open still.
type Status string

// The states of a setting, as the register tells them apart.
const (
	Open     Status = "open"
	Closing  Status = "closing"
	Closed   Status = "closed"
	Proposed Status = "proposed"
)

// Name is the status in words.
func (s Status) Name() string {
	switch s {
	case Closing:
		return "Open, proposed to close"
	case Closed:
		return "Closed"
	case Proposed:
		return "Proposed to open"
	}
	return "Open"
}

// Takes says whether a child can be put on this setting's roll today.
func (s Status) Takes() bool { return s == Open || s == Closing }

// Setting is a place of learning with everything that is known of it.
type Setting struct {
	ID                  int64
	URN                 int // 0: not in the register
	Name                string
	AuthorityCode       string
	AuthorityName       string
	EstablishmentNumber string
	UKPRN               string
	TypeName            string
	PhaseName           string
	Status              Status
	OpenedOn            calendar.Date
	ClosedOn            calendar.Date
	LowAge              *int
	HighAge             *int
	Gender              string
	SixthForm           *bool
	Nursery             *bool
	ReligiousCharacter  string
	Street              string
	Locality            string
	Town                string
	County              string
	Postcode            string
	Telephone           string
	Website             string
	HeadName            string
	HeadTitle           string
	RatingScheme        string
	Rating              string
	RatedOn             calendar.Date
	Source              string // gias or local
	AsAt                calendar.Date
	Version             int
}

// Local says whether the team entered this setting itself.
func (s Setting) Local() bool { return s.Source == "local" }

// Address is the address in parts, without the empty ones.
func (s Setting) Address() []string {
	var parts []string
	for _, part := range []string{s.Street, s.Locality, s.Town, s.County, s.Postcode} {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// DfENumber is the number of the council and the school, "332/1100"; empty when the register gives none.
func (s Setting) DfENumber() string {
	if s.AuthorityCode == "" || s.EstablishmentNumber == "" {
		return ""
	}
	return s.AuthorityCode + "/" + s.EstablishmentNumber
}

// Ages are the ages it is for, "4 to 11"; empty when not known.
func (s Setting) Ages() string {
	if s.LowAge == nil || s.HighAge == nil || *s.HighAge == 0 {
		return ""
	}
	return strconv.Itoa(*s.LowAge) + " to " + strconv.Itoa(*s.HighAge)
}

// Found is a setting in the results of a search.
type Found struct {
	ID            int64
	URN           int
	Name          string
	Town          string
	Postcode      string
	AuthorityCode string
	AuthorityName string
	PhaseName     string
	TypeName      string
	Status        Status
	Source        string
}

// Where says which of several with the same name it is: "Dudley, DY1 2AB, URN 103766".
func (f Found) Where() string {
	var parts []string
	for _, part := range []string{f.Town, f.Postcode} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	switch {
	case f.URN != 0:
		parts = append(parts, "URN "+strconv.Itoa(f.URN))
	default:
		parts = append(parts, "not in the register")
	}
	if f.Status != Open {
		parts = append(parts, strings.ToLower(f.Status.Name()))
	}
	return strings.Join(parts, ", ")
}

// Attended is a setting at which children in care are on roll today, with how many of them the actor sees.
type Attended struct {
	ID            int64
	URN           int
	Name          string
	Town          string
	AuthorityCode string
	AuthorityName string
	PhaseName     string
	TypeName      string
	Status        Status
	Source        string
	Rating        string
	RatedOn       calendar.Date
	Teacher       string // a designated teacher's name; empty: nobody
	Children      int
	Total         int // settings in the whole list
}

// Link is a predecessor or successor as the register gives it.
type Link struct {
	SettingID     int64 // 0: not among our settings
	URN           int
	Name          string
	Type          string
	EstablishedOn calendar.Date
	Status        Status
	Children      int // children in care on its roll whom the actor sees
}

// Contact is somebody who signs in for a setting.
type Contact struct {
	Name  string
	Email string
	Post  string // designated_teacher or colleague
	State string // invited or active
	Since calendar.Date
}

// PostName is the contact's post in words.
func (c Contact) PostName() string {
	if c.Post == "designated_teacher" {
		return "Designated teacher"
	}
	return "School colleague"
}

// Pupil is a child in care on a setting's roll today whom the actor sees.
type Pupil struct {
	ID            int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	DateOfBirth   calendar.Date
	YearOffset    int
	Kind          string // main or dual
	Since         calendar.Date
	Advisor       string
}

// YearGroup is the curriculum year in words (R1), as taught.
func (p Pupil) YearGroup(on calendar.Date) string {
	return calendar.YearGroup(calendar.CurriculumYear(p.DateOfBirth, on) + p.YearOffset)
}

// Page is one setting with what belongs to it.
type Page struct {
	Setting  Setting
	Links    []Link
	Contacts []Contact
	Pupils   []Pupil
}

// Successors are the settings that took its place, as far as the register says.
func (p Page) Successors() []Link { return p.linked("Successor") }

// Predecessors are the settings whose place it took.
func (p Page) Predecessors() []Link { return p.linked("Predecessor") }

func (p Page) linked(word string) []Link {
	var list []Link
	for _, link := range p.Links {
		if strings.HasPrefix(link.Type, word) {
			list = append(list, link)
		}
	}
	return list
}

// OtherLinks are those that are neither: mergers, splits, sixth forms.
func (p Page) OtherLinks() []Link {
	var list []Link
	for _, link := range p.Links {
		if !strings.HasPrefix(link.Type, "Successor") && !strings.HasPrefix(link.Type, "Predecessor") {
			list = append(list, link)
		}
	}
	return list
}
