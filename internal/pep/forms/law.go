package forms

// Law is one of the five things that every plan must hold (Care Planning, Placement and Case Review
// (England) Regulations 2010, Schedule 1, paragraph 2). Each form has a required question for each,
// which is asked always, whoever changes the form.
type Law string

const (
	LawHistory      Law = "history"
	LawArrangements Law = "arrangements"
	LawChanges      Law = "changes"
	LawLeisure      Law = "leisure"
	LawCarers       Law = "carers"
)

// Laws are the five in the order of the regulations.
var Laws = []Law{LawHistory, LawArrangements, LawChanges, LawLeisure, LawCarers}

var lawWords = map[Law]string{
	LawHistory:      "education so far: attendance, conduct, achievements and special educational needs",
	LawArrangements: "the arrangements for education now",
	LawChanges:      "planned changes, and how disruption is kept small",
	LawLeisure:      "leisure interests",
	LawCarers:       "what carers and others do to promote achievement and leisure",
}

// Words are what the law asks for.
func (l Law) Words() string { return lawWords[l] }
