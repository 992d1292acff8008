package policies

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const sourceMax = 300

type valueView struct {
	Definition policy.Definition
	Names      []ui.Choice // what the value can be, where it is a name
	Values     policy.Values
	History    []policy.Entry
	Today      calendar.Date
	Form       *kit.Form
	Preview    string // what the value typed would change; empty: nobody asked
	Conflict   bool
}

// key is the value that the address names; NotFound for one nobody knows.
func key(r *http.Request) (policy.Definition, error) {
	definition, known := policy.Key(chi.URLParam(r, "key")).Definition()
	if !known {
		return definition, fault.NotFound()
	}
	return definition, nil
}

func (p *Pages) value(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, nil, nil)
}

// show shows the value with its history. With something typed that is right, it says what would change.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, form *kit.Form, typed any) error {
	definition, err := key(r)
	if err != nil {
		return err
	}
	v := valueView{Definition: definition, Names: p.names(definition.Key), Today: p.Kit.Today(), Form: form}
	var batch postgres.Batch
	policy.Queue(&batch, &v.Values)
	policy.QueueHistory(&batch, &v.History, definition.Key)
	var children []pep.FactsRow
	var dates setting.Calendar
	plans := typed != nil && strings.HasPrefix(string(definition.Key), "pep.")
	if plans {
		pep.QueueFactsWhere(&batch, &children, pep.Narrow{})
		setting.QueueCalendar(&batch, &dates, p.Kit.Site.AuthorityCode, 0)
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	switch {
	case form == nil:
		v.Form = kit.NewForm(map[string]string{"value": plain(v.Values, definition)})
		if roles, many := v.Values.Roles(definition.Key); many {
			v.Form.Set("value", names(roles)...)
		}
		v.Form.SetDate("from", v.Today)
		v.Form.SetVersion(len(v.History))
	case form.Version() != len(v.History) && form.Err() == nil && typed == nil:
		v.Conflict = true
		form.Overtaken(len(v.History))
	}
	if plans {
		then, err := v.Values.With(definition.Key, typed)
		if err != nil {
			v.Form.Problems.AddErr("value", err)
		} else {
			moved := pep.Moved(children, pep.CalendarOf(dates), pep.DeadlinesOf(v.Values), pep.DeadlinesOf(then), v.Today)
			v.Preview = "If this held today, " + ui.Plural(moved, "due date", "due dates") + " would change, of " + ui.Plural(len(children), "child", "children") + " in care."
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "A value in the rules", Back: home, Form: v.Form}, valuePage(v))
}

// plain is today's value as it is typed.
func plain(values policy.Values, definition policy.Definition) string {
	if words := values.Words(definition.Key); words != "none" {
		return strings.TrimPrefix(words, "£")
	}
	return ""
}

// roleChoices are the roles to choose from, where the value is a list of them.
func (v valueView) roleChoices() []ui.Choice {
	var choices []ui.Choice
	if _, roles := v.Definition.Default.([]access.Role); roles {
		for _, role := range access.Roles {
			choices = append(choices, ui.Choice{Value: string(role), Text: role.Name()})
		}
	}
	return choices
}

func names(roles []access.Role) []string {
	list := make([]string, len(roles))
	for i, role := range roles {
		list[i] = string(role)
	}
	return list
}

// read takes the value as typed, in the type of the definition.
func (p *Pages) read(form *kit.Form, definition policy.Definition) any {
	switch definition.Default.(type) {
	case money.Pence:
		return form.Money("value", "The value")
	case string:
		var known []string
		for _, one := range p.names(definition.Key) {
			known = append(known, one.Value)
		}
		return form.Choice("value", "The value", known...)
	case []access.Role:
		roles := []access.Role{}
		for _, one := range form.All("value") {
			roles = append(roles, access.Role(one))
		}
		return roles
	case []string:
		return strings.FieldsFunc(form.Text("value", "The value", 2000), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	}
	text := strings.TrimSpace(form.Value("value"))
	number, err := strconv.Atoi(text)
	if err != nil {
		form.Problems.Add("value", "Enter a whole number")
	}
	return number
}

func (p *Pages) set(w http.ResponseWriter, r *http.Request) error {
	definition, err := key(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	typed := p.read(form, definition)
	if form.Value("preview") != "" {
		form.Renew()
		if form.Err() != nil {
			return p.show(w, r, form, nil)
		}
		return p.show(w, r, form, typed)
	}
	from, source := form.Date("from", "The first day"), form.Required("source", "Where this was decided", sourceMax)
	if form.Err() != nil {
		return p.show(w, r, form, nil)
	}
	if overtaken, err := p.overtaken(r, form, definition.Key); err != nil || overtaken {
		if err != nil {
			return err
		}
		return p.show(w, r, form, nil)
	}
	err = policy.Set(r.Context(), p.Kit.DB, kit.Actor(r), definition.Key, typed, from, source)
	if form.Refuses(err) {
		return p.show(w, r, form, nil)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, home, "The value is set. Lists follow within a minute.")
}

// overtaken says whether somebody set another value since the page was shown.
func (p *Pages) overtaken(r *http.Request, form *kit.Form, key policy.Key) (bool, error) {
	var history []policy.Entry
	var batch postgres.Batch
	policy.QueueHistory(&batch, &history, key)
	err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
	return form.Version() != len(history), err
}

func (v valueView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, entry := range v.History {
		days := "From " + entry.From.Short()
		if !entry.Until.IsZero() {
			days = entry.From.Short() + " to " + entry.Until.AddDays(-1).Short()
		}
		rows = append(rows, []templ.Component{ui.Text(entry.Words()), ui.Text(days), ui.Text(entry.Source), ui.Text(strings.TrimPrefix(entry.SetBy+", "+calendar.Of(entry.SetAt).Short(), ", "))})
	}
	return append(rows, []templ.Component{ui.Text(v.Definition.Words(v.Definition.Default)), ui.Text("Before, or while none is set"), ui.Text(strings.ToUpper(v.Definition.Source[:1]) + v.Definition.Source[1:]), ui.Text("Virtual School")})
}

// hint says how the value is typed.
func (v valueView) hint() string {
	switch v.Definition.Default.(type) {
	case money.Pence:
		return "In pounds. 0 is no limit."
	case []string:
		return "Separated by commas, like DY1, B62"
	}
	if v.Definition.Key == policy.PEPFirstYear {
		return "0 is Reception, -2 the school year of the third birthday"
	}
	low, high := v.Definition.Limits()
	return fmt.Sprintf("A whole number from %d to %d", low, high)
}

// width is about as many characters as the value has.
func (v valueView) width() int {
	if _, number := v.Definition.Default.(int); number {
		return 4
	}
	return 20
}
