package attendance

import (
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
)

// Whereabouts is where a child is on a day, as far as the register of one school says.
type Whereabouts int

// The whereabouts.
const (
	InSchool    Whereabouts = iota // present, or at approved education elsewhere
	NotIn                          // absent in the latest session that is marked, or on a past day in any
	NotExpected                    // the other school has the day, or the register does not count it
	NotHeard                       // open, and not one mark
	SchoolShut
)

// Whereabouts says where the child is: now, by the day's latest mark, or of a day that is over by the worst of
// its marks. Code and session are those of the mark that says so.
func (t Today) Whereabouts(day calendar.Date, over bool, e Expectation) (s Whereabouts, code mark.Code, session mark.Session) {
	for _, one := range []struct {
		session mark.Session
		code    mark.Code
	}{{mark.PM, t.PM}, {mark.AM, t.AM}} {
		if one.code == "" {
			continue
		}
		class, _ := mark.National.Class(one.code, day, one.session)
		found := NotExpected
		switch {
		case class.Attended():
			found = InSchool
		case class.Absent():
			found = NotIn
		}
		if code == "" || over && found == NotIn && s != NotIn {
			s, code, session = found, one.code, one.session
		}
	}
	switch {
	case code != "":
		return s, code, session
	case e.Open(t.SettingID, day):
		return NotHeard, "", ""
	}
	return SchoolShut, "", ""
}
