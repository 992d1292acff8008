package premium

// Sentence is a ready sentence for a decision's reason, to be taken as it is or changed.
type Sentence struct {
	Key     string
	Outcome State
	Words   string
}

// Sentences in the order pages list them: those that are needed most often for each outcome.
var Sentences = []Sentence{
	{"part_term", PartApproved, "We can fund this for one term; ask again with what it has changed."},
	{"part_sessions", PartApproved, "We can fund fewer sessions than asked for, and look at the rest when these are reviewed."},
	{"part_school", PartApproved, "The school's own budget covers the remainder, as it is provision for all pupils."},
	{"return_cost", Returned, "How is the cost made up? Please give the number of sessions or items and the price of each."},
	{"return_target", Returned, "Which target of the Personal Education Plan is this for, and how will we see that it worked?"},
	{"return_when", Returned, "When does it start and end, and who provides it?"},
	{"return_before", Returned, "What has been tried before, and what came of it?"},
	{"refuse_all", Refused, "This is provision every pupil should have from the school's own budget."},
	{"refuse_plan", Refused, "This is for the education, health and care plan or the special educational needs budget to fund."},
	{"refuse_target", Refused, "It does not serve a target of the Personal Education Plan."},
	{"refuse_twice", Refused, "The same support has been approved already."},
}

// Sentenced is the reason that a chosen ready sentence and typed words make together.
func Sentenced(key, typed string) string {
	for _, one := range Sentences {
		if one.Key == key && typed == "" {
			return one.Words
		}
		if one.Key == key {
			return one.Words + " " + typed
		}
	}
	return typed
}
