package pep

import (
	"strings"

	"virtualschool/internal/pep/forms"
)

func (row *knownRow) facts() forms.KnownFacts {
	facts := forms.KnownFacts{}
	if row == nil {
		return facts
	}
	if row.School != "" {
		facts[forms.KnownSchool] = forms.KnownFact{Value: row.School, Source: "the school roll", AsAt: row.SchoolSince}
	}
	if row.SEN != "" {
		facts[forms.KnownSEN] = forms.KnownFact{Value: strings.ToLower(row.SEN), Source: "the child's record", AsAt: row.SENSince}
	}
	return facts
}
