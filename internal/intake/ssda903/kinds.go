package ssda903

import (
	"fmt"
	"strings"

	"virtualschool/internal/intake/table"
)

// Kind is one table of the return.
type Kind string

const (
	HeaderTable    Kind = "Header"
	Episodes       Kind = "Episodes"
	Reviews        Kind = "Reviews"
	UASC           Kind = "UASC"
	OC2            Kind = "OC2"
	PrevPerm       Kind = "Previous permanence"
	OC3            Kind = "OC3"
	AD1            Kind = "AD1"
	PlacedAdoption Kind = "Placed for adoption"
	Missing        Kind = "Missing"
	SWEpisodes     Kind = "Social worker episodes"
	DoLo           Kind = "Deprivation of liberty orders"
	WholeReturn    Kind = "Whole return (XML)"
)

const noKind Kind = ""

const (
	allRead         = "" // no reason to set it aside
	notForEducation = "It is about adoption, which must stay out of the education record."
)

// form is how a table is known and what of it is read.
type form struct {
	kind     Kind
	required []string
	optional []string // known columns, read or passed over
	aside    string   // why the table is set aside; empty when it is read
}

var forms = []form{
	{HeaderTable, []string{"CHILD", "SEX", "DOB", "ETHNIC", "UPN"}, []string{"MOTHER", "MC_DOB"}, allRead},
	{Episodes, []string{"CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "DEC", "REC"},
		[]string{"PLACE_PROVIDER", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"}, allRead},
	{Reviews, []string{"CHILD", "DOB", "REVIEW", "REVIEW_CODE"}, nil, allRead},
	{UASC, []string{"CHILD", "DOB", "DUC"}, []string{"SEX"}, allRead},
	{OC2, []string{"CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON"}, []string{"CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS",
		"TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"}, allRead},
	{PrevPerm, []string{"CHILD", "DOB", "PREV_PERM"}, []string{"LA_PERM", "DATE_PERM"}, allRead},
	{OC3, []string{"CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM"}, nil, "It is about young people who have left care, who have no personal education plan."},
	{AD1, []string{"CHILD", "DATE_INT", "DATE_MATCH"}, []string{"DOB", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"}, notForEducation},
	{PlacedAdoption, []string{"CHILD", "DATE_PLACED", "DATE_PLACED_CEASED"}, []string{"DOB", "REASON_PLACED_CEASED"}, notForEducation},
	{Missing, []string{"CHILD", "MISSING", "MIS_START", "MIS_END"}, []string{"DOB"}, "Times missing from care are kept by social care and are not part of the education record."},
	{SWEpisodes, []string{"CHILD", "SW_ID", "SW_DECOM", "SW_DEC"}, []string{"DOB", "SW_REASON"}, "It names social workers only by their registration number. Say who works with whom in the roll file or on the child’s page."},
	{DoLo, []string{"CHILD", "DOLO_START", "DOLO_END"}, []string{"DOB"}, "Deprivation of liberty orders are kept by social care and are not part of the education record."},
}

func formOf(kind Kind) form {
	for _, f := range forms {
		if f.kind == kind {
			return f
		}
	}
	return form{}
}

func (f form) columns() []string { return append(append([]string{}, f.required...), f.optional...) }

// Recognise tells which table of the return has this header, whatever the order
// of its columns and the name of its file.
func Recognise(h table.Header) (Kind, bool) {
	for _, f := range forms {
		if h.Has(f.required...) {
			return f.kind, true
		}
	}
	return noKind, false
}

// nearest gives the table a header comes closest to, and the columns it lacks,
// when at least half of the columns peculiar to that table are there.
func nearest(h table.Header) (Kind, []string, bool) {
	best, share := form{}, 0.5
	for _, f := range forms {
		own, have := 0, 0
		for _, name := range f.required {
			if name == "CHILD" || name == "DOB" || name == "SEX" {
				continue
			}
			own++
			if h.Find(name) >= 0 {
				have++
			}
		}
		if got := float64(have) / float64(own); got >= share && have > 0 && (best.kind == noKind || got > share) {
			best, share = f, got
		}
	}
	return best.kind, h.Missing(best.required...), best.kind != noKind
}

// FileState says what became of one file of the upload.
type FileState string

const (
	StateRead    FileState = "read"
	StateAside   FileState = "set aside"
	StateRefused FileState = "refused"
)

// FileReport tells the sender what became of one file.
type FileReport struct {
	Name  string
	Kind  Kind
	State FileState
	Rows  int    // rows that could be read, or children in the XML
	Text  string // why the file was set aside or refused
}

// unknownTable explains a table that is none of the return's, or lacks columns.
func unknownTable(name string, h table.Header) *table.FileError {
	kind, missing, near := nearest(h)
	if !near {
		return &table.FileError{File: name, Line: h.Line, Rule: "not-903", Text: "This is not a file of the children looked after return (SSDA903): its columns are not those of any table of the return."}
	}
	return &table.FileError{File: name, Line: h.Line, Rule: "missing-columns", Text: fmt.Sprintf(
		"This looks like the %s table of the children looked after return (SSDA903), but lacks the %s %s. Export it again with every column.",
		kind, plural("column", len(missing)), strings.Join(missing, ", "))}
}

func plural(word string, n int) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
