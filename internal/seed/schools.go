package seed

import (
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/access"
)

// kind is what a school is in the register's words and codes.
type kind struct {
	typeCode  int
	typeName  string
	phaseCode int
	phaseName string
	low, high int // ages
}

var kinds = map[string]kind{
	"nursery":     {15, "Local authority nursery school", 1, "Nursery", 2, 5},
	"infant":      {1, "Community school", 2, "Primary", 4, 7},
	"primary":     {34, "Academy converter", 2, "Primary", 4, 11},
	"community":   {1, "Community school", 2, "Primary", 3, 11},
	"aided":       {2, "Voluntary aided school", 2, "Primary", 4, 11},
	"secondary":   {34, "Academy converter", 4, "Secondary", 11, 18},
	"sponsored":   {28, "Academy sponsor led", 4, "Secondary", 11, 16},
	"all-through": {35, "Free schools", 7, "All-through", 4, 18},
	"special":     {7, "Community special school", 0, "Not applicable", 4, 19},
	"unit":        {14, "Pupil referral unit", 0, "Not applicable", 5, 16},
	"college":     {18, "Further education", 6, "16 plus", 16, 99},
	"independent": {10, "Other independent special school", 0, "Not applicable", 7, 18},
}

// school is one place of learning of the council or a neighbour.
type school struct {
	name, kind string
	authority  string // "" for the council's own
	town       string
	status     string // open, closing, closed
	ofDemo     int    // 1 and 2: of school@ and school2@
	vacant     bool   // nobody is designated teacher just now
	successor  string

	id      int64
	urn     int
	teacher *person
}

// north and east are the neighbouring councils, under codes that no council has.
const north, east = "990", "991"

func schools() []*school {
	return []*school{
		{name: "Millbrook Primary School", kind: "community", town: "Kingsbourne", ofDemo: 2},
		{name: "Kingsbourne Academy", kind: "secondary", town: "Kingsbourne", ofDemo: 1},
		{name: "Acorns Nursery School", kind: "nursery", town: "Kingsbourne"},
		{name: "Little Larks Nursery School", kind: "nursery", town: "Holmestead"},
		{name: "Bramley Lane Infant School", kind: "infant", town: "Thornley Vale"},
		{name: "Elmfield Infant School", kind: "infant", town: "Holmestead"},
		{name: "Ashcombe Primary Academy", kind: "primary", town: "Ashcombe"},
		{name: "Canal Street Primary School", kind: "community", town: "Kingsbourne"},
		{name: "Ferncliffe Primary School", kind: "community", town: "Thornley Vale"},
		{name: "Greyfriars Church of England Primary School", kind: "aided", town: "Kingsbourne"},
		{name: "Hawthorn Bank Primary Academy", kind: "primary", town: "Holmestead"},
		{name: "Lowerfield Primary School", kind: "community", town: "Marlbrook"},
		{name: "Marlbrook Primary Academy", kind: "primary", town: "Marlbrook"},
		{name: "Our Lady of the Wayside Catholic Primary School", kind: "aided", town: "Thornley Vale"},
		{name: "Rookery Park Primary School", kind: "community", town: "Ashcombe", vacant: true},
		{name: "St Wulstan’s Catholic Primary School", kind: "aided", town: "Holmestead"},
		{name: "Tanyard Primary Academy", kind: "primary", town: "Kingsbourne"},
		{name: "Windmill Rise Primary School", kind: "community", town: "Marlbrook", status: "closing"},
		{name: "Station Road Primary School", kind: "community", town: "Holmestead", status: "closed", successor: "Hawthorn Bank Primary Academy"},
		{name: "Ashcombe High School", kind: "secondary", town: "Ashcombe"},
		{name: "Bishop Latimer Church of England Academy", kind: "sponsored", town: "Kingsbourne"},
		{name: "Holmestead Academy", kind: "sponsored", town: "Holmestead"},
		{name: "Marlbrook School", kind: "secondary", town: "Marlbrook"},
		{name: "St Oswin’s Catholic High School", kind: "secondary", town: "Holmestead"},
		{name: "Thornley Vale School", kind: "secondary", town: "Thornley Vale"},
		{name: "The Weir Academy", kind: "sponsored", town: "Marlbrook"},
		{name: "Castlegate All-Through School", kind: "all-through", town: "Kingsbourne"},
		{name: "Orchard View School", kind: "special", town: "Thornley Vale"},
		{name: "Pennyhill School", kind: "special", town: "Marlbrook"},
		{name: "The Bridge Centre", kind: "unit", town: "Kingsbourne"},
		{name: "Lockside Pupil Referral Unit", kind: "unit", town: "Holmestead"},
		{name: "Kingsbourne Sixth Form College", kind: "college", town: "Kingsbourne"},
		{name: "Marl Valley College", kind: "college", town: "Marlbrook"},
		{name: "Redhouse School", kind: "independent", town: "Ashcombe"},
		{name: "Northmere Community Primary School", kind: "community", authority: north, town: "Northmere"},
		{name: "Skelby Lane Primary Academy", kind: "primary", authority: north, town: "Skelby"},
		{name: "Northmere High School", kind: "secondary", authority: north, town: "Northmere"},
		{name: "Easterby Church of England Primary School", kind: "aided", authority: east, town: "Easterby"},
		{name: "Easterby Academy", kind: "sponsored", authority: east, town: "Easterby"},
		{name: "Coldwell Grange School", kind: "independent", authority: east, town: "Coldwell"},
		{name: "Easterby and Coldwell College", kind: "college", authority: east, town: "Easterby"},
	}
}

// teaches says whether a school is where a child of a curriculum year would usually be.
func (s *school) teaches(year int) bool {
	switch s.kind {
	case "nursery":
		return year < 0
	case "infant":
		return year >= 0 && year <= 2
	case "primary", "community", "aided":
		return year >= 0 && year <= 6
	case "secondary":
		return year >= 7 && year <= 13
	case "sponsored":
		return year >= 7 && year <= 11
	case "all-through":
		return year >= 0 && year <= 13
	case "college":
		return year >= 12
	}
	return false
}

// ordinary says whether children come here without anybody arranging it.
func (s *school) ordinary() bool {
	return s.status == "" && s.kind != "unit" && s.kind != "independent"
}

// place is the row of a school, as a register would give it.
func (s *school) place(n int, ownCode, ownName string) map[string]any {
	k := kinds[s.kind]
	code, authority := ownCode, ownName
	switch s.authority {
	case north:
		code, authority = north, "Northmere Council"
	case east:
		code, authority = east, "Easterby Council"
	}
	s.urn = 900001 + n
	digits := func(of string) string { return fmt.Sprintf("%s%d %dAB", of, n%9+1, n%7+1) }
	return map[string]any{
		"urn": s.urn, "name": s.name, "authority_code": code, "authority_name": authority, "establishment_number": fmt.Sprint(2000 + 31*n),
		"type_code": k.typeCode, "type_name": k.typeName, "phase_code": k.phaseCode, "phase_name": k.phaseName,
		"low_age": k.low, "high_age": k.high, "sixth_form": k.high >= 18 && k.low < 16, "nursery": k.low < 4, "gender": "Mixed",
		"religious_character": s.character(), "street": fmt.Sprintf("%d School Lane", 3+2*n), "town": s.town,
		"postcode": digits(strings.ToUpper(s.town[:2])), "telephone": fmt.Sprintf("01632 960%03d", 100+n),
		"website": "https://" + webName(s.name) + ".example",
	}
}

func (s *school) character() string {
	switch {
	case strings.Contains(s.name, "Catholic"):
		return "Roman Catholic"
	case strings.Contains(s.name, "Church of England"):
		return "Church of England"
	}
	return "Does not apply"
}

func webName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// schoolsOf are those where a child of a year would be, in the council or outside it.
func (c *council) schoolsOf(year int, inside bool) []*school {
	return slices.DeleteFunc(slices.Clone(c.schools), func(s *school) bool {
		return !s.ordinary() || !s.teaches(year) || (s.authority == "") != inside
	})
}

func (c *council) schoolNamed(name string) *school {
	at := slices.IndexFunc(c.schools, func(s *school) bool { return s.name == name })
	return c.schools[at]
}

func (c *council) schoolOfKind(kind string) *school {
	at := slices.IndexFunc(c.schools, func(s *school) bool { return s.kind == kind && s.status == "" })
	return c.schools[at]
}

// person is somebody who signs in, or could.
type person struct {
	access.Actor
}
