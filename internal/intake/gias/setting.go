package gias

import "virtualschool/internal/calendar"

// Status is where a setting is in its life.
type Status string

const (
	Open     Status = "open"
	Closed   Status = "closed"
	Closing  Status = "closing"  // open, but proposed to close
	Proposed Status = "proposed" // not yet open
)

// Setting is one establishment of the register. Codes are 0 and texts empty where
// the register has none. The strings are the setting's own and may be kept.
type Setting struct {
	Line int
	URN  int // six digits

	AuthorityCode       string // three digits; 000 overseas
	AuthorityName       string
	EstablishmentNumber string // four digits; with the authority's code, the DfE number
	Name                string
	TypeCode            int
	TypeName            string
	TypeGroupCode       int
	TypeGroupName       string
	Status              Status
	ReasonOpened        string
	ReasonClosed        string
	Opened, Closed      calendar.Date // zero: not known
	PhaseCode           int           // 0 for every special school, unit and college: see the ages
	PhaseName           string
	LowAge, HighAge     *int

	Boarders           string
	Nursery            *bool // nil: not known or does not apply
	SixthForm          *bool
	Gender             string
	ReligiousCharacter string
	Admissions         string
	UKPRN              string // eight digits

	Street, Locality, Address3, Town, County, Postcode string
	Website, Telephone                                 string

	HeadName     string // title, forename and surname
	HeadJobTitle string

	SEN                []string // kinds of need the setting says it provides for
	ResourcedProvision string
	Section41          string // approved under section 41 of the Children and Families Act 2014
	SENPRU             string // whether a pupil referral unit takes children with special needs

	Rating  string // Ofsted's single word, which ended for state schools in September 2024
	RatedOn calendar.Date

	AuthorityGSS      string // the statistical code of the authority's area
	Easting, Northing *int   // metres on the national grid
	Changed           calendar.Date
}

// Link joins a setting to another, usually the one before or after it.
type Link struct {
	Line        int
	URN         int
	LinkURN     int
	LinkName    string
	Type        string        // as the register says: Successor, Predecessor - merged …
	Established calendar.Date // zero: not known
}

// Summary is what came of reading one file.
type Summary struct {
	Rows     int // rows that fitted the header
	Given    int // settings or links handed out
	Rejected int // rows left out, those that did not fit the header among them
	// AsAt is the day the file was published, from its name; else the latest day
	// on which an entry changed; else zero. An older file must not overwrite a
	// newer one.
	AsAt calendar.Date
}
