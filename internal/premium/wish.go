package premium

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/scheme"
)

// The longest text of purpose and expected difference and of an item, in characters, and the most that
// one request may ask and hold.
const (
	TextLimit             = 4000
	ItemLimit             = 200
	MostAsked money.Pence = 1_000_000_00
	MostItems             = 30
	MostOfOne             = 10_000 // of one item
	MostGroup             = 500
)

// Item is one thing that a request would pay for.
type Item struct {
	What     string
	Quantity int
	Unit     money.Pence // the price of one
}

// Cost is what all of the item costs.
func (i Item) Cost() money.Pence { return money.Pence(i.Quantity) * i.Unit }

// Cost is the sum of items.
func Cost(items []Item) (sum money.Pence) {
	for _, item := range items {
		sum += item.Cost()
	}
	return sum
}

// Wish is what somebody asks for.
type Wish struct {
	TargetID   int64 // a target of the child's plans; 0: none
	Category   Category
	Purpose    string
	Difference string // what is expected to be different for the child
	Items      []Item
	Amount     money.Pence   // the sum of the items where there are any
	Starts     calendar.Date // zero: not said
	Ends       calendar.Date
	Group      int    // how many benefit, this child among them; 0: this child alone
	Exception  string // why to pay what the paying policy does not fund
}

func (w Wish) tidy() Wish {
	w.Purpose, w.Difference, w.Exception = strings.TrimSpace(w.Purpose), strings.TrimSpace(w.Difference), strings.TrimSpace(w.Exception)
	if w.Amount == 0 && w.withinLimits() {
		w.Amount = Cost(w.Items)
	}
	return w
}

// AsOneItem is the wish with its amount as a single item: of a request that lists none.
func (w Wish) AsOneItem() Wish {
	if len(w.Items) == 0 && w.Amount > 0 {
		what := []rune(strings.TrimSpace(w.Purpose))
		w.Items = []Item{{What: string(what[:min(len(what), ItemLimit)]), Quantity: 1, Unit: w.Amount}}
	}
	return w
}

// withinLimits says whether the items can be added up at all.
func (w Wish) withinLimits() bool {
	for _, item := range w.Items {
		if item.Quantity < 1 || item.Quantity > MostOfOne || item.Unit < 0 || item.Unit > MostAsked {
			return false
		}
	}
	return len(w.Items) <= MostItems
}

// Check finds what is wrong with a wish under any paying policy. Problems are about the fields category,
// purpose, difference, amount, starts, ends, group, exception and those of items, such as items-what-0.
func (w Wish) Check(today calendar.Date) error {
	var p fault.Problems
	if w.Category.Name() == "" || w.Category == Released {
		p.Add("category", "Choose what the money is for")
	}
	if w.Purpose == "" {
		p.Add("purpose", "Enter what the money will pay for")
	}
	if w.Difference == "" {
		p.Add("difference", "Enter what will be different for the child")
	}
	for n, item := range w.Items {
		if item.What == "" {
			p.Add(field("what", n), "Enter what it is")
		}
		if item.Unit == 0 {
			p.Add(field("price", n), "Enter the price of one")
		}
	}
	if w.Amount == 0 {
		p.Add("amount", "Amount must be more than £0.00")
	}
	w.limits(&p, today)
	return p.Err()
}

// CheckDraft finds what cannot be kept even of a draft.
func (w Wish) CheckDraft(today calendar.Date) error {
	var p fault.Problems
	if w.Category != "" && (w.Category.Name() == "" || w.Category == Released) {
		p.Add("category", "Choose what the money is for")
	}
	w.limits(&p, today)
	return p.Err()
}

func (w Wish) limits(p *fault.Problems, today calendar.Date) {
	for _, text := range []struct{ field, words string }{{"purpose", w.Purpose}, {"difference", w.Difference}, {"exception", w.Exception}} {
		if utf8.RuneCountInString(text.words) > TextLimit {
			p.Addf(text.field, "Use %d characters or fewer", TextLimit)
		}
	}
	if len(w.Items) > MostItems {
		p.Addf("amount", "List %d items or fewer", MostItems)
	}
	for n, item := range w.Items {
		if utf8.RuneCountInString(item.What) > ItemLimit {
			p.Addf(field("what", n), "Use %d characters or fewer", ItemLimit)
		}
		if item.Quantity < 1 || item.Quantity > MostOfOne {
			p.Addf(field("quantity", n), "How many must be from 1 to %d", MostOfOne)
		}
		if item.Unit < 0 || item.Unit > MostAsked {
			p.Addf(field("price", n), "Price must be %s or less", MostAsked)
		}
	}
	switch {
	case w.Amount < 0:
		p.Add("amount", "Amount must be more than £0.00")
	case w.Amount > MostAsked:
		p.Addf("amount", "Amount must be %s or less", MostAsked)
	case len(w.Items) > 0 && w.withinLimits() && w.Amount != Cost(w.Items):
		p.Addf("amount", "The items come to %s. Leave the amount empty, or put the items right.", Cost(w.Items))
	}
	first := calendar.FinancialYearRange(calendar.FinancialYear(today)).Start
	last := first.AddYears(2).AddDays(-1)
	if !w.Starts.IsZero() && (w.Starts.Before(first) || w.Starts.After(last)) {
		p.Addf("starts", "Start must be from %s to %s", first.Words(), last.Words())
	}
	switch {
	case w.Ends.IsZero():
	case w.Starts.IsZero():
		p.Add("starts", "Enter when it starts as well")
	case w.Ends.Before(w.Starts):
		p.Add("ends", "End must be on or after the start")
	case w.Ends.After(last):
		p.Addf("ends", "End must be %s or before", last.Words())
	}
	if w.Group != 0 && (w.Group < 2 || w.Group > MostGroup) {
		p.Addf("group", "A group is from 2 to %d children", MostGroup)
	}
}

// CheckUnder finds what a paying policy does not allow: problems are about the fields target, category,
// amount, exception and items. was is the category the request had, which it may keep.
func (w Wish) CheckUnder(s scheme.Scheme, was Category) error {
	var p fault.Problems
	if s.NeedsTarget && w.TargetID == 0 {
		p.Add("target", "Choose the target that this is for. Under “"+s.Title+"” each request is for a target of the plan.")
	}
	if w.Category.Name() != "" && w.Category != was && !s.Offers(string(w.Category)) {
		p.Add("category", "Choose something that “"+s.Title+"” pays for")
	}
	if s.Itemised && len(w.Items) == 0 {
		p.Add(field("what", 0), "List what the amount is made of")
	}
	if w.Exception == "" {
		for _, found := range w.NotFunded(s) {
			p.Add(found.Field, "“"+found.Words+"” is not funded: "+found.Why+" Take it out, or say below why it should be paid all the same.")
		}
	}
	return p.Err()
}

// NotFunded is one thing in a wish that the paying policy does not fund.
type NotFunded struct {
	Field string // where it is written
	scheme.Refused
}

// NotFunded is what of the wish the paying policy does not fund: of its items where it has any, else of its purpose.
func (w Wish) NotFunded(s scheme.Scheme) (all []NotFunded) {
	for n, item := range w.Items {
		if refused, found := s.NotPaid(item.What); found {
			all = append(all, NotFunded{field("what", n), refused})
		}
	}
	if len(w.Items) > 0 {
		return all
	}
	if refused, found := s.NotPaid(w.Purpose); found {
		all = append(all, NotFunded{"purpose", refused})
	}
	return all
}

// field is the name of a field of the nth item.
func field(name string, n int) string { return fmt.Sprintf("items-%s-%d", name, n) }

// Wish is a request as it was asked, without its items.
func (r Request) Wish() Wish {
	return Wish{TargetID: r.TargetID, Category: r.Category, Purpose: r.Purpose, Difference: r.Difference, Amount: r.Amount, Starts: r.Starts, Ends: r.Ends,
		Group: r.Group, Exception: r.Exception}
}

// likeness above which two texts are taken for the same need.
const likeness = 0.4

// Alike are the requests among others that may be for the same need as a wish: of the same category
// with dates that meet or words like its own. It advises; two children's needs can sound the same, and
// so can one child's two. similar gives the likeness of two texts, from 0 to 1.
func Alike(w Wish, others []Request, similar func(a, b string) float64) (alike []Request) {
	for _, other := range others {
		if other.State == Refused || other.State == Withdrawn || other.Category == Released {
			continue
		}
		words := similar(w.Purpose, other.Purpose) >= likeness
		meet := w.Starts.IsZero() || other.Starts.IsZero() || w.days().Overlaps(other.Wish().days())
		if words || w.Category == other.Category && w.Category != "" && meet {
			alike = append(alike, other)
		}
	}
	return alike
}

// days are those from start to end; from the start on where no end is given.
func (w Wish) days() calendar.Range {
	if w.Ends.IsZero() {
		return calendar.Range{Start: w.Starts}
	}
	return calendar.Range{Start: w.Starts, End: w.Ends.AddDays(1)}
}
