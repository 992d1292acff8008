package audits

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/looking"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// weeksOnPage is how many people's weeks a page shows, and childrenNamed how many children a rule of one.
const weeksOnPage, childrenNamed = 20, 10

// foundWeek is one person's week as the page shows it.
type foundWeek struct {
	looking.Line // of the first line: whose week, and what came of it
	Rules        []foundRule
	Weight       int
	Form         *kit.Form
}

// foundRule is a rule that held, and the children it held for.
type foundRule struct {
	Title, Why string
	Rule       looking.Rule
	Children   []looking.Line
}

type unusualView struct {
	Reviewed bool
	Weeks    []foundWeek
	Pages    ui.PaginationProps
	Limits   looking.Limits
}

func (p *Pages) unusual(w http.ResponseWriter, r *http.Request) error {
	return p.showUnusual(w, r, 0, nil)
}

func (p *Pages) review(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "weekID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	verdicts := make([]string, len(looking.Verdicts))
	for i, one := range looking.Verdicts {
		verdicts[i] = one.Value
	}
	review := looking.Review{Verdict: form.Choice(field("verdict", id), "What came of it", verdicts...), Words: form.Text(field("words", id), "What you asked or did", 2000)}
	if err = form.Err(); err == nil {
		err = p.Looking.Review(r.Context(), kit.Actor(r), id, form.Version(), review)
	}
	if form.Refuses(err) {
		form.Rename("words", field("words", id))
		return p.showUnusual(w, r, id, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/audit/unusual", "What came of it is kept.")
}

// field is the name of a field of one of the page's forms, of which each has its own.
func field(name string, weekID int64) string { return fmt.Sprintf("%s_%d", name, weekID) }

// showUnusual shows what waits for a review, or what had one; sent is a form of one of the weeks that was refused.
func (p *Pages) showUnusual(w http.ResponseWriter, r *http.Request, of int64, sent *kit.Form) error {
	filters := kit.FiltersOf("/audit/unusual", r.URL.Query(), "show", "page")
	v := unusualView{Reviewed: filters.Get("show") == "reviewed"}
	page := min(max(number(filters.Get("page")), 1), 10_000)
	var lines []looking.Line
	var values policy.Values
	var batch postgres.Batch
	looking.QueueLines(&batch, &lines, v.Reviewed, int(page-1)*weeksOnPage, weeksOnPage+1)
	policy.Queue(&batch, &values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	v.Limits = looking.LimitsOf(values)
	v.Weeks = weeksOf(lines, of, sent)
	more := 0
	if len(v.Weeks) > weeksOnPage {
		v.Weeks, more = v.Weeks[:weeksOnPage], 1
	}
	v.Pages = filters.Pages("Pages of people", int(page), weeksOnPage, int(page)*weeksOnPage+more)
	if sent != nil && !slices.ContainsFunc(v.Weeks, func(week foundWeek) bool { return week.Form == sent }) {
		return fault.NotFound()
	}
	if err := p.Kit.Looked(r, "unusual looking", v.children()); err != nil {
		return err
	}
	shown := kit.Page{Title: "Looking that is out of the usual", Form: sent, Trail: []ui.Link{{Text: "Administration", Href: "/admin"}, {Text: "Audit", Href: "/audit"}}}
	return p.Kit.Show(w, r, shown, unusualPage(v, sent))
}

// weeksOf groups the lines by whose week they are, the weightiest of a week first.
func weeksOf(lines []looking.Line, of int64, sent *kit.Form) []foundWeek {
	var weeks []foundWeek
	for _, line := range lines {
		if len(weeks) == 0 || weeks[len(weeks)-1].WeekID != line.WeekID {
			form := kit.NewForm(map[string]string{field("verdict", line.WeekID): line.Verdict, field("words", line.WeekID): line.Words})
			form.SetVersion(line.Version)
			if sent != nil && line.WeekID == of {
				form = sent
			}
			weeks = append(weeks, foundWeek{Line: line, Form: form})
		}
		last := &weeks[len(weeks)-1]
		at := slices.IndexFunc(last.Rules, func(one foundRule) bool { return one.Rule == line.Rule })
		if at < 0 {
			at, last.Rules = len(last.Rules), append(last.Rules, ruleOf(line.Rule))
		}
		last.Rules[at].Children = append(last.Rules[at].Children, line)
	}
	for i := range weeks {
		for _, rule := range looking.Rules {
			if slices.ContainsFunc(weeks[i].Rules, func(one foundRule) bool { return one.Rule == rule.Rule }) {
				weeks[i].Weight += rule.Weight
			}
		}
		slices.SortStableFunc(weeks[i].Rules, func(a, b foundRule) int { return cmp.Compare(place(a.Rule), place(b.Rule)) })
	}
	slices.SortStableFunc(weeks, func(a, b foundWeek) int { return cmp.Or(b.Week.Compare(a.Week), cmp.Compare(b.Weight, a.Weight)) })
	return weeks
}

func place(rule looking.Rule) int {
	for n, one := range looking.Rules {
		if one.Rule == rule {
			return n
		}
	}
	return len(looking.Rules)
}

func ruleOf(rule looking.Rule) foundRule {
	for _, one := range looking.Rules {
		if one.Rule == rule {
			return foundRule{Title: one.Title, Why: one.Why, Rule: rule}
		}
	}
	return foundRule{Title: string(rule), Rule: rule}
}

// named are the children of a rule that the page names, those looked at most.
func (f foundRule) named() []looking.Line {
	list := slices.Clone(f.Children)
	slices.SortStableFunc(list, func(a, b looking.Line) int { return cmp.Compare(b.Looks, a.Looks) })
	return list[:min(len(list), childrenNamed)]
}

// children are those whom the page names.
func (v unusualView) children() []int64 {
	var ids []int64
	for _, week := range v.Weeks {
		for _, rule := range week.Rules {
			for _, line := range rule.named() {
				if !slices.Contains(ids, line.ChildID) {
					ids = append(ids, line.ChildID)
				}
			}
		}
	}
	return ids
}

// logHref is the log of the person's looks in the week.
func (f foundWeek) logHref() string {
	last := f.Week.AddDays(6)
	return fmt.Sprintf("/audit/people/%d?log=looks&from-day=%d&from-month=%d&from-year=%d&until-day=%d&until-month=%d&until-year=%d", f.AccountID,
		f.Week.Day, f.Week.Month, f.Week.Year, last.Day, last.Month, last.Year)
}

// about is who and when, as a heading.
func (f foundWeek) about() string { return f.Name + ", week of " + f.Week.Words() }

func (f foundWeek) role() string { return access.Role(f.Role).Name() }

// outcome is what came of asking, in words; empty while nothing has.
func (f foundWeek) outcome() string {
	if f.Verdict == "" || f.ReviewedAt == nil {
		return ""
	}
	text := f.Verdict
	for _, one := range looking.Verdicts {
		if one.Value == f.Verdict {
			text = one.Text
		}
	}
	return text + " (" + f.ReviewedBy + ")"
}
