package attendance

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const registerPath = "/attendance/register"

// registerView is a school's week: its children in care, and the marks there are.
type registerView struct {
	Form     *kit.Form
	Setting  int64
	Schools  []attendance.School // those to choose from
	Monday   calendar.Date
	Today    calendar.Date
	Pupils   []attendance.Pupil
	Days     []calendar.Date // those of the week that are open, to today
	Marks    map[string]mark.Code
	Filled   int  // sessions filled in as present, and not yet kept
	Staff    bool // keyed by the Virtual School, for who was asked
	expected attendance.Expectation
}

// cell is one session of one child, as a form names it.
func cell(childID int64, day calendar.Date, session mark.Session) string {
	return fmt.Sprintf("m-%d-%s-%s", childID, day, session)
}

// register is the page of a week.
func (p *Pages) register(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	if query.Get("setting") == "" && access.Can(kit.Actor(r), access.MakeCalls) {
		http.Redirect(w, r, callsPath, http.StatusSeeOther)
		return nil
	}
	view, err := p.week(r, query.Get("setting"), query.Get("week"))
	if err != nil {
		return err
	}
	view.Form = kit.NewForm(nil)
	for name, code := range view.Marks {
		view.Form.Set(name, string(code))
	}
	view.fill(query.Get("present"))
	return p.showRegister(w, r, view)
}

// fill fills in as present what has no mark yet, on a day or on all that are shown. Nothing of it is kept.
func (v *registerView) fill(day string) {
	for _, pupil := range v.Pupils {
		for _, d := range v.Days {
			for _, session := range mark.Sessions {
				name := cell(pupil.ID, d, session)
				if (day == "all" || day == d.String()) && pupil.On(d) && v.Form.Value(name) == "" {
					v.Form.Set(name, string(mark.Code("/").At(session)))
					v.Filled++
				}
			}
		}
	}
}

func (v registerView) presentHref(day string) string {
	return v.href(v.Monday, v.Setting) + "&present=" + day
}

func (v registerView) shownDays() string {
	days := make([]string, len(v.Days))
	for i, day := range v.Days {
		days[i] = day.String()
	}
	return strings.Join(days, " ")
}

func (p *Pages) showRegister(w http.ResponseWriter, r *http.Request, view registerView) error {
	page := kit.Page{Title: "Register of the week", Wide: true, Form: view.Form}
	if view.Staff {
		page.Back = callsPath
	}
	var shown []int64
	for _, pupil := range view.Pupils {
		shown = append(shown, pupil.ID)
	}
	if err := p.Kit.Looked(r, "register of the week", shown); err != nil {
		return err
	}
	return p.Kit.Show(w, r, page, registerPage(view))
}

// week loads a school's week. A school that is not theirs is not there; a week still to come is this one.
func (p *Pages) week(r *http.Request, settingText, weekText string) (registerView, error) {
	actor := kit.Actor(r)
	view := registerView{Today: p.Kit.Today(), Staff: actor.Role != access.School, Marks: map[string]mark.Code{}}
	view.Monday = view.Today.Monday()
	if day, err := calendar.Parse(weekText); err == nil && day.Before(view.Monday) && calendar.AcademicYear(day) >= attendance.OldestYear {
		view.Monday = day.Monday()
	}
	var err error
	if settingText != "" {
		if view.Setting, err = strconv.ParseInt(settingText, 10, 64); err != nil || view.Setting <= 0 {
			return view, fault.NotFound()
		}
	}
	friday := view.Monday.AddDays(4)
	var everyone []attendance.Pupil
	var days []attendance.Day
	var calendars setting.Calendars
	var batch postgres.Batch
	attendance.QueuePupils(&batch, &everyone, actor, 0, view.Monday, friday)
	attendance.QueueDaysBetween(&batch, &days, view.Monday, friday)
	setting.QueueAllCalendars(&batch, &calendars)
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return view, err
	}
	view.expected = attendance.NewExpectation(calendars.BySetting())
	view.choose(everyone)
	if view.Setting != 0 && len(view.Pupils) == 0 {
		return view, fault.NotFound()
	}
	for day := view.Monday; !day.After(calendar.Earliest(friday, view.Today)); day = day.AddDays(1) {
		if view.expected.Open(view.Setting, day) {
			view.Days = append(view.Days, day)
		}
	}
	for _, d := range days {
		for _, session := range mark.Sessions {
			if code := d.Code(session); d.SettingID == view.Setting && code != "" {
				view.Marks[cell(d.ChildID, d.Day, session)] = code
			}
		}
	}
	return view, nil
}

// choose takes the pupils of the chosen school; where none is chosen, of the first.
func (v *registerView) choose(everyone []attendance.Pupil) {
	for _, pupil := range everyone {
		if n := len(v.Schools); n == 0 || v.Schools[n-1].ID != pupil.SettingID {
			v.Schools = append(v.Schools, attendance.School{ID: pupil.SettingID, Name: pupil.School})
		}
	}
	if v.Setting == 0 && !v.Staff && len(v.Schools) > 0 {
		v.Setting = v.Schools[0].ID
	}
	for _, pupil := range everyone {
		if pupil.SettingID == v.Setting {
			v.Pupils = append(v.Pupils, pupil)
		}
	}
}

// keepRegister keeps the cells that were changed. A blank cell changes nothing: a mark is corrected, not taken away.
func (p *Pages) keepRegister(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	view, err := p.week(r, form.Value("setting"), form.Value("week"))
	if err != nil {
		return err
	}
	view.Form = form
	delivery := attendance.Delivery{Source: attendance.SchoolTyped, SettingID: view.Setting}
	if view.Staff {
		delivery.Source, delivery.Label = attendance.Phone, form.Required("who", "Who told you", 200)
	}
	marks, names := view.typed(form)
	if form.Err() == nil && len(marks) > 0 {
		var result attendance.Result
		result, err = p.Attendance.Keep(r.Context(), kit.Actor(r), delivery, marks)
		for _, refused := range result.Refused {
			form.Problems.Add(names[refused.Index], refused.Text)
		}
		if err == nil {
			return p.Kit.Done(w, r, view.after(), keptWords(result))
		}
	}
	if form.Err() != nil || form.Refuses(err) {
		return p.showRegister(w, r, view)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, view.after(), "Nothing was changed, so nothing was kept.")
}

// typed are the marks that are not as the page showed them, and the field of each.
func (v registerView) typed(form *kit.Form) (marks []attendance.Mark, names []string) {
	shown := map[string]string{}
	for pair := range strings.FieldsSeq(form.Value("shown")) {
		name, code, _ := strings.Cut(pair, "=")
		shown[name] = code
	}
	for _, pupil := range v.Pupils {
		for _, day := range v.Days {
			for _, session := range mark.Sessions {
				name := cell(pupil.ID, day, session)
				text := form.Text(name, "The mark", 12)
				code, err := mark.Parse(text)
				if err != nil {
					form.Problems.Add(name, strings.TrimSuffix(err.Error(), ".")+". Type a code such as / L I or N.")
					continue
				}
				if code = code.At(session); code != "" && string(code) != shown[name] && pupil.On(day) {
					marks = append(marks, attendance.Mark{ChildID: pupil.ID, SettingID: v.Setting, Day: day, Session: session, Code: code})
					names = append(names, name)
				}
			}
		}
	}
	return marks, names
}

func keptWords(result attendance.Result) string {
	words := ui.Plural(result.Kept(), "mark is", "marks are") + " kept."
	if result.Stood > 0 {
		words += " " + ui.Plural(result.Stood, "mark", "marks") + " of a better source stood."
	}
	return words
}

// shown are the marks as the page shows them, so that only what somebody changed is kept.
func (v registerView) shown() string {
	var pairs []string
	for _, pupil := range v.Pupils {
		for _, day := range v.Days {
			for _, session := range mark.Sessions {
				if code := v.Marks[cell(pupil.ID, day, session)]; code != "" {
					pairs = append(pairs, cell(pupil.ID, day, session)+"="+string(code))
				}
			}
		}
	}
	return strings.Join(pairs, " ")
}

// after is where the page leads when it was kept: the Virtual School goes on to its next call.
func (v registerView) after() string {
	if v.Staff {
		return callsPath
	}
	return v.href(v.Monday, v.Setting)
}

func (v registerView) href(monday calendar.Date, settingID int64) string {
	return registerPath + "?" + url.Values{"setting": {strconv.FormatInt(settingID, 10)}, "week": {monday.String()}}.Encode()
}

func (v registerView) school() string {
	if len(v.Pupils) == 0 {
		return ""
	}
	return v.Pupils[0].School
}

// missing is how many sessions of the shown days have no mark yet.
func (v registerView) missing() int {
	missing := 0
	for _, pupil := range v.Pupils {
		for _, day := range v.Days {
			for _, session := range mark.Sessions {
				if pupil.On(day) && v.Marks[cell(pupil.ID, day, session)] == "" {
					missing++
				}
			}
		}
	}
	return missing
}

func (v registerView) lead() string {
	switch missing := v.missing(); {
	case len(v.Pupils) == 0:
		return "There is no child in care on roll at your school this week."
	case len(v.Days) == 0:
		return "The school was closed on every day of this week so far."
	case missing == 0:
		return "Every session of this week so far has a mark."
	default:
		return ui.Plural(missing, "session has", "sessions have") + " no mark yet. What you leave blank stays missing: it is not counted as absence."
	}
}

// common are the codes that most sessions have, explained beside the page.
func (v registerView) common() []mark.Meaning {
	var meanings []mark.Meaning
	for _, m := range mark.National.Meanings() {
		if m.On(v.Today) {
			meanings = append(meanings, m)
		}
	}
	return meanings
}
