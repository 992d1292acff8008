package looking

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
)

var monday = calendar.MustParse("2026-11-16")

// usual are the limits while the council has set none.
var usual = LimitsOf(policy.Values{})

// opening is a record opened at ten in the morning.
func opening(child int64, day int) Seen {
	return Seen{AccountID: 7, ChildID: child, Day: monday.AddDays(day), Looks: 1, Opened: 1, First: 600, Last: 610, Surnames: []string{"Okafor"}, Others: 3}
}

func TestRulesOneByOne(t *testing.T) {
	t.Parallel()
	several := func(n int, change func(*Seen)) (all []Seen) {
		for child := range int64(n) {
			one := opening(child+1, 0)
			change(&one)
			all = append(all, one)
		}
		return all
	}
	own := func(s *Seen) { s.Own = true }
	for name, c := range map[string]struct {
		reader string
		usual  []int
		week   []Seen
		rules  []Rule
	}{
		"a working day":                    {"Ann Advisor", nil, several(5, own), nil},
		"the same surname":                 {"Ann Okafor", nil, several(1, own), []Rule{SameSurname}},
		"the same surname, written so":     {"Ann Ökafór-Smith", nil, several(1, own), []Rule{SameSurname}},
		"the child's half of a name":       {"Ann Smith", nil, several(1, func(s *Seen) { s.Own, s.Surnames = true, []string{"Jones Smith", "Reid"} }), []Rule{SameSurname}},
		"a name the child had":             {"Ann Reid", nil, several(1, func(s *Seen) { s.Own, s.Surnames = true, []string{"Nowak", "Reid"} }), []Rule{SameSurname}},
		"a forename that is a surname":     {"Okafor Smith", nil, several(1, own), nil},
		"only a particle in common":        {"Ann de", nil, several(1, func(s *Seen) { s.Own, s.Surnames = true, []string{"de Vries"} }), nil},
		"the same surname on a list":       {"Ann Okafor", nil, several(1, func(s *Seen) { s.Own, s.Opened = true, 0 }), nil},
		"nobody else, once":                {"Ann Advisor", nil, []Seen{{AccountID: 7, ChildID: 1, Day: monday, Looks: 1, Opened: 1, First: 600, Last: 600}}, nil},
		"nobody else, twice":               {"Ann Advisor", nil, []Seen{{AccountID: 7, ChildID: 1, Day: monday, Looks: 1, Opened: 1, First: 600, Last: 600}, {AccountID: 7, ChildID: 1, Day: monday.AddDays(2), Looks: 1, Opened: 1, First: 600, Last: 600}}, []Rule{Alone}},
		"nobody else, for a reason":        {"Ann Advisor", nil, []Seen{{AccountID: 7, ChildID: 1, Day: monday, Looks: 1, Opened: 1, First: 600, Last: 600, Changed: true}, {AccountID: 7, ChildID: 1, Day: monday.AddDays(2), Looks: 1, Opened: 1, First: 600, Last: 600, Changed: true}}, nil},
		"many, who never saw any":          {"Ann Advisor", nil, several(30, own), []Rule{Many}},
		"one fewer":                        {"Ann Advisor", nil, several(29, own), nil},
		"many, who sees as many every day": {"Ann Advisor", []int{28, 30, 31, 25, 30}, several(40, own), nil},
		"three times as many":              {"Ann Advisor", []int{5, 10, 15, 9, 12}, several(30, own), []Rule{Many}},
		"many on a list":                   {"Ann Advisor", []int{5, 10, 15, 9, 12}, several(60, func(s *Seen) { s.Own, s.Opened = true, 0 }), []Rule{Many}},
		"late, one child":                  {"Ann Advisor", nil, several(1, func(s *Seen) { s.Own, s.Last = true, 23*60 }), nil},
		"late, several":                    {"Ann Advisor", nil, several(3, func(s *Seen) { s.Own, s.Last = true, 19*60 }), []Rule{OutOfHours}},
		"a minute before":                  {"Ann Advisor", nil, several(3, func(s *Seen) { s.Own, s.Last = true, 19*60-1 }), nil},
		"early":                            {"Ann Advisor", nil, several(3, func(s *Seen) { s.Own, s.First = true, 7*60-1 }), []Rule{OutOfHours}},
		"on Saturday":                      {"Ann Advisor", nil, several(3, func(s *Seen) { s.Own, s.Day = true, monday.AddDays(5) }), []Rule{OutOfHours}},
		"not own: a weak sign alone":       {"Hal Head", nil, several(12, func(*Seen) {}), nil},
		"not own, and late":                {"Hal Head", nil, several(12, func(s *Seen) { s.Last = 22 * 60 }), []Rule{OutOfHours, NotOwn}},
		"not own and late, but work":       {"Hal Head", nil, several(12, func(s *Seen) { s.Last, s.Changed = 22*60, true }), []Rule{OutOfHours}},
		"nobody":                           {"", nil, several(1, own), nil},
	} {
		found := Find(c.week, []Reader{{AccountID: 7, Name: c.reader, Usual: c.usual}}, nil, usual, calendar.WorkingDays{})
		var rules []Rule
		for _, one := range Rules {
			if slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == one.Rule }) {
				rules = append(rules, one.Rule)
			}
		}
		if !slices.Equal(rules, c.rules) {
			t.Errorf("%s: %v, want %v", name, rules, c.rules)
		}
	}
}

func TestWhatWasFineIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	reader := []Reader{{AccountID: 7, Name: "Ann Okafor"}}
	week := []Seen{opening(1, 0), opening(2, 0)}
	found := Find(week, reader, []Settled{{7, 1}, {8, 2}}, usual, calendar.WorkingDays{})
	if len(found) != 1 || found[0].ChildID != 2 {
		t.Errorf("%+v", found)
	}
}

// TestTheSnooperIsOnTop makes a year of forty people who do their work, some of it late and some of it broad,
// and one who in one week looks for relatives in the evenings. Of all weeks of all people, that one weighs most.
func TestTheSnooperIsOnTop(t *testing.T) {
	t.Parallel()
	const people, children, snooper, when = 40, 1000, 23, 37
	random := rand.New(rand.NewPCG(3, 4))
	surnames := []string{"Okafor", "Nowak", "Begum", "Reid", "Walsh", "Hussain", "Taylor", "Price", "Kaur", "Evans", "Marsh", "Doyle", "Frost", "Ali", "Bell"}
	surname := func(child int64) []string { return []string{surnames[child%int64(len(surnames))]} }
	type scored struct {
		account int64
		week    int
		weight  int
	}
	var all []scored
	history := map[int64][]int{}
	for week := range 52 {
		begins := calendar.MustParse("2025-09-01").AddDays(7 * week)
		var seen []Seen
		var readers []Reader
		for account := range int64(people) {
			readers = append(readers, Reader{AccountID: account, Name: fmt.Sprintf("Person Unlike%d", account), Usual: history[account][max(0, len(history[account])-40):]})
			if account == snooper {
				readers[account].Name = "Sam Marsh"
			}
			leads := account < 4 // they look at anybody's children
			for day := range 5 {
				if random.IntN(8) == 0 {
					continue // away
				}
				caseload := account * children / people
				today := 4 + random.IntN(12)
				if random.IntN(60) == 0 {
					today += 25 // before a meeting
				}
				for range today {
					child := caseload + random.Int64N(children/people)
					if leads {
						child = random.Int64N(children)
					}
					first := 8*60 + random.IntN(9*60)
					if random.IntN(150) == 0 {
						first = 20 * 60
					}
					one := Seen{AccountID: account, ChildID: child, Day: begins.AddDays(day), Looks: 1, Opened: 1, First: first, Last: first, Surnames: surname(child), Own: !leads, Changed: random.IntN(3) == 0, Others: 1 + random.IntN(4)}
					if !slices.ContainsFunc(seen, func(s Seen) bool { return s.AccountID == account && s.ChildID == child && s.Day == one.Day }) {
						seen = append(seen, one)
					}
				}
				history[account] = append(history[account], today)
			}
		}
		if week == when {
			for n := range int64(5) {
				child := n*int64(len(surnames)) + 10 // a Marsh
				for day := range 2 {
					seen = append(seen, Seen{AccountID: snooper, ChildID: child, Day: begins.AddDays(day + 2), Looks: 2, Opened: 2, First: 21 * 60, Last: 21*60 + 20, Surnames: surname(child)})
				}
			}
		}
		found := Find(seen, readers, nil, usual, calendar.WorkingDays{})
		for _, reader := range readers {
			theirs := slices.DeleteFunc(slices.Clone(found), func(f Finding) bool { return f.AccountID != reader.AccountID })
			if len(theirs) > 0 {
				all = append(all, scored{reader.AccountID, week, Weigh(theirs)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return b.weight - a.weight })
	if len(all) == 0 || all[0].account != snooper || all[0].week != when || len(all) > 1 && all[1].weight >= all[0].weight {
		t.Fatalf("on top are %+v", all[:min(len(all), 3)])
	}
	if len(all) > 52*6 {
		t.Errorf("%d weeks are listed in a year, more than six people a week: nobody reads that", len(all))
	}
	t.Logf("%d weeks of %d people listed in a year; the snooper's weighs %d, the next %d", len(all), people, all[0].weight, all[min(1, len(all)-1)].weight)
}
