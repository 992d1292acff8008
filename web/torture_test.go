package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// live is an element that is on a page only if something typed was not escaped.
const live = "torture7391"

// nonsense is what every field is filled with in turn.
var nonsense = []string{
	"", "   ", "0", "-1", "-9223372036854775808", "99999999999999999999", "1e309", "NaN", "no-such-choice",
	"Zoë Ångström-Łukasz 王小明 👩🏽‍🏫", "שלום\u202eabc\u2066", "e\u0301\u0301\u0301\u0301", "\u200b\ufeff", "a\x00b", "\xff\xfe\xfa",
	`"><` + live + ` onclick="x">`, "</textarea></select></title><" + live + ">", `'"--><` + live + `><script>` + live + `()</script>`, "{{.}}${7*7}<" + live + ">",
	"=cmd|'/C calc'!A0", "+44 1384", "@SUM(1+1)", "' or '1'='1' --", `\`, "%00%0d%0a", "a\r\nSet-Cookie: x=1\r\n\r\nb", "../../../etc/passwd", "javascript:" + live + "()",
	"31 September 2026", "29 February 2027", "£-5", "£1.005", "1,00.00", "12.345", "£0", "£99999999999.99",
	strings.Repeat("x", 10_000), strings.Repeat("é👩", 6_000), strings.Repeat("line\n", 3_000),
}

// badDates are days that are not, as their three boxes are typed.
var badDates = [][3]string{{"31", "9", "2026"}, {"29", "2", "2027"}, {"0", "0", "0"}, {"-1", "1", "2026"}, {"1", "13", "2026"}, {"1", "1", "99999"},
	{"1", "", "2026"}, {"<" + live + ">", "x", "\x00"}, {"1", "1", "0001"}, {"٣", "١", "٢٠٢٦"}}

// badMoney are amounts that are not.
var badMoney = []string{"£-5", "£1.005", "-0.01", "1e3", "NaN", "1,00.00", "£", "twelve", "99999999999999999999", "١٢"}

var numbersIn = regexp.MustCompile(`\d+`)

// torture is a site on which every form that a person of one role can open is filled with nonsense.
type torture struct {
	*world
	t        *testing.T
	role     access.Role
	sent     int
	problems map[string]int
}

// tortured are the kinds of form that some role has filled in field by field: once is enough.
var tortured sync.Map

// newTorture makes a person of each role.
func newTorture(t *testing.T, role access.Role) *torture {
	w := &world{Site: webtest.New(t), word: "Words", people: map[access.Role]access.Actor{}, own: map[access.Role][]record{}, params: map[int64]map[string]string{}}
	school := w.Setting("Torture Primary School")
	for _, role := range access.Roles {
		if role == access.School {
			w.people[role] = w.Teacher("Person School", school)
		} else {
			w.people[role] = w.Person(role, "Person "+string(role))
		}
	}
	w.Exec(`insert into premium_year (financial_year) values (2026)`)
	other := w.Person(access.Advisor, "Colleague Advisor")
	w.plain = map[string]string{"stream": "looked-after", "provider": "council", "place": "team",
		"accountID": fmt.Sprint(other.ID), "settingID": fmt.Sprint(school), "financialYear": "2026", "token": "nothing",
		"importID": "1", "sessionID": "1", "kind": "gias", "academicYear": "2026", "runID": "1", "file": "1", "form": "primary", "key": "pep.gap_months"}
	for _, name := range []string{"Paid", "Open"} {
		child := w.child(name)
		w.OnRoll(child, school, "[2025-09-01,)")
		w.params[child] = map[string]string{}
	}
	w.spend(t, school)
	w.delivers(w.people[role], school)
	w.asks(other.ID)
	return &torture{world: w, t: t, role: role, problems: map[string]int{}}
}

// fresh is another child whom everybody works with, with one of every record.
func (x *torture) fresh() int64 {
	child := x.child("Torture")
	school := x.ID(`select id from setting where name = 'Torture Primary School'`)
	x.OnRoll(child, school, "[2025-09-01,)")
	for _, role := range []access.Role{access.Advisor, access.SupportAdvisor, access.SocialWorker, access.ReviewingOfficer} {
		x.Allocate(child, string(role), x.people[role], "[2025-09-01,)")
	}
	x.records(child, school)
	x.grant(x.t, school, child)
	return child
}

// TestNoFormGivesWay fills every form that every role can open with nonsense, field by field.
//
// ASVS 5.0: 1.2.1, 1.2.4, 2.2.1, 2.2.2
func TestNoFormGivesWay(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	t.Run("as", func(t *testing.T) {
		for _, role := range access.Roles {
			t.Run(string(role), func(t *testing.T) {
				t.Parallel()
				x := newTorture(t, role)
				visitor := x.As(x.people[role])
				for _, route := range x.Server.Routes {
					if route.Method == http.MethodGet {
						x.page(visitor, route.Pattern, route.Child)
					}
				}
				x.noFormulas()
				sent.Add(int64(x.sent))
			})
		}
	})
	if sent.Load() < 500 {
		t.Errorf("only %d forms were sent: are the forms still found?", sent.Load())
	}
	fmt.Printf("torture: %d forms sent\n", sent.Load())
}

// page sends every form of a page.
func (x *torture) page(visitor *webtest.Visitor, pattern string, aboutChild bool) {
	var child int64
	if aboutChild {
		child = x.fresh()
	}
	address, known := x.path(pattern, child)
	if !known {
		x.complain("%s has a parameter that cannot be filled", pattern)
		return
	}
	for _, f := range formsOf(visitor.Get(address)) {
		if strings.HasPrefix(f.action, "/sign-out") || strings.HasSuffix(f.action, "/account/sessions") {
			continue // ends the visitor's own session and with it the test
		}
		a := &attempts{torture: x, visitor: visitor, form: f, address: address, pattern: pattern, aboutChild: aboutChild}
		_, before := tortured.LoadOrStore(f.signature(), true)
		before = before || testing.Short()
		for i, text := range nonsense {
			if !before || i%8 == 0 {
				a.send("every field "+clipped(text), func(v url.Values) url.Values { return fillAll(a.form, v, text) })
			}
		}
		a.send("nothing at all", func(url.Values) url.Values { return url.Values{} })
		a.send("everything twice", twice)
		plain := f
		plain.button = "" // what a field may hold does not hang on the button
		if _, broken := tortured.LoadOrStore("fields of "+plain.signature(), true); !broken && !before && !slow(f) {
			a.fieldByField()
		}
	}
}

// attempts are one form, sent again and again.
type attempts struct {
	*torture
	visitor    *webtest.Visitor
	form       form
	address    string // of the page it is on
	pattern    string
	aboutChild bool
}

// send sends the form with a change, and judges what comes back.
func (a *attempts) send(what string, change func(values url.Values) url.Values) *webtest.Page {
	values := freshKey(change(webtest.With(a.form.filled)))
	page := a.visitor.Post(a.form.action, values)
	a.sent++
	a.judge(what, page)
	a.keeps(what, page, values)
	if page.Status == http.StatusSeeOther && !a.again() && a.aboutChild {
		// This child's form is gone for good: the next one is another's.
		a.address, _ = a.path(a.pattern, a.fresh())
		a.again()
	}
	return page
}

// again takes the form from its page as it is now.
func (a *attempts) again() bool {
	for _, now := range formsOf(a.visitor.Get(a.address)) {
		if now.signature() == a.form.signature() {
			a.form = now
			return true
		}
	}
	return false
}

// fieldByField breaks one field at a time of a form that is otherwise well filled in. Of the
// fields of a kind the first is given everything, and the others some of it.
func (a *attempts) fieldByField() {
	kinds, rows := map[string]int{}, map[string]bool{}
	for n, one := range a.form.fields {
		shape := numbersIn.ReplaceAllString(one.name, "#")
		if rows[shape] {
			continue // the rows of a group are alike
		}
		rows[shape] = true
		kinds[one.kind]++
		step := 1
		if kinds[one.kind] > 1 || one.kind == "select" || one.kind == "radio" || one.kind == "checkbox" || one.kind == "hidden" {
			step = 12
		}
		if len(a.form.fields) > 30 { // a whole plan on one page: its fields are those of its parts, which are sent alone too
			step *= 3
		}
		switch one.kind {
		case "date":
			for i := n % step; i < len(badDates); i += step {
				d := badDates[i]
				page := a.send(one.name+" is "+clipped(strings.Join(d[:], " ")), func(v url.Values) url.Values {
					return webtest.With(v, one.name+"-day", d[0], one.name+"-month", d[1], one.name+"-year", d[2])
				})
				if page.Status == http.StatusSeeOther && !one.optional && !keptAsTyped(a.form.action) {
					a.complain("%s: %s as %q was taken", a.form.action, one.name, d)
				}
			}
			continue
		case "money":
			for _, amount := range badMoney {
				page := a.send(one.name+" is "+amount, func(v url.Values) url.Values { return webtest.With(v, one.name, amount) })
				if page.Status == http.StatusSeeOther && !one.optional {
					a.complain("%s: %s as %q was taken", a.form.action, one.name, amount)
				}
			}
		}
		for i := n % step; i < len(nonsense); i += step {
			a.send(one.name+" is "+clipped(nonsense[i]), func(v url.Values) url.Values { return webtest.With(v, one.name, nonsense[i]) })
		}
		a.send("without "+one.name, func(v url.Values) url.Values { v.Del(one.name); return v })
		for _, offered := range one.offered[:min(len(one.offered), 6)] {
			a.send(one.name+" is "+offered, func(v url.Values) url.Values { return webtest.With(v, one.name, offered) })
		}
	}
}

// keptAsTyped says whether a form keeps a draft, whatever was typed.
func keptAsTyped(action string) bool {
	return strings.Contains(action, "/drafts/") || strings.HasSuffix(action, "/draft")
}

// slow forms check a password, which takes long on purpose.
func slow(f form) bool {
	return slices.ContainsFunc(f.fields, func(one field) bool { return one.kind == "password" })
}

func fillAll(f form, values url.Values, text string) url.Values {
	for _, one := range f.fields {
		if one.kind != "hidden" && one.kind != "date" {
			values.Set(one.name, text)
		}
	}
	return values
}

func twice(values url.Values) url.Values {
	for name, list := range values {
		values[name] = append(slices.Clone(list), list...)
	}
	return values
}

var answers = []int{http.StatusSeeOther, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusRequestEntityTooLarge}

// judge asks of every answer what none may break.
func (a *attempts) judge(what string, page *webtest.Page) {
	at := a.at()
	adding := page.Status == http.StatusOK && a.form.button != "" // one more row, or schools found: the page as it was typed
	file := page.Status == http.StatusOK && page.Header.Get("Content-Disposition") != ""
	once := page.Status == http.StatusOK && page.Find(".vs-handout").Length() > 0 // a link, shown once and kept nowhere
	if !slices.Contains(answers, page.Status) && !adding && !file && !once {
		a.complain("%s: %d when %s", at, page.Status, what)
	}
	if file {
		return // saved, never shown: what is in it is no markup
	}
	if page.Find(live).Length() > 0 || strings.Contains(page.Body, "<"+live) || strings.Contains(page.Body, `onclick="x"`) {
		a.complain("%s: live markup when %s", at, what)
	}
	if page.Find(`[href^="javascript:"]`).Length() > 0 || page.Header.Get("Set-Cookie") == "x=1" {
		a.complain("%s: what was typed became a link or a header when %s", at, what)
	}
	if page.Status == http.StatusSeeOther && (!strings.HasPrefix(page.Location, "/") || strings.HasPrefix(page.Location, "//")) {
		a.complain("%s: leads to %q when %s", at, page.Location, what)
	}
	if page.Status != http.StatusUnprocessableEntity {
		return
	}
	if len(page.Errors()) == 0 {
		a.complain("%s: 422 without an error summary when %s", at, what)
	}
	if title := page.Find("title").Text(); !strings.HasPrefix(title, "Error: ") {
		a.complain("%s: 422 with a title that does not begin with Error when %s", at, what)
	}
	for _, link := range page.Find(".govuk-error-summary a").EachIter() {
		target := strings.TrimPrefix(link.AttrOr("href", ""), "#")
		if there := page.Find(`[id="` + target + `"]`).Length(); there != 1 {
			a.complain("%s: the error summary leads to #%s, which is there %d times when %s", at, target, there, what)
		}
	}
	for _, text := range page.Errors() {
		if text == "" || utf8.RuneCountInString(text) > 250 {
			a.complain("%s: a message of %d characters when %s", at, utf8.RuneCountInString(text), what)
		}
	}
}

// at names the form in messages.
func (a *attempts) at() string {
	return strings.TrimSpace(fmt.Sprintf("POST %s %s", numbersIn.ReplaceAllString(a.form.action, "#"), a.form.button))
}

// keeps fails when a form that comes back has lost or changed what was typed.
func (a *attempts) keeps(what string, page *webtest.Page, values url.Values) {
	if page.Status != http.StatusUnprocessableEntity && page.Status != http.StatusOK || len(values) < 2 || page.Find(".vs-handout").Length() > 0 || page.Header.Get("Content-Disposition") != "" {
		return
	}
	back := shownAgain(page, a.form.action)
	for _, one := range a.form.fields {
		if _, sent := values[one.name]; !sent || !slices.Contains([]string{"text", "textarea", "money", "email"}, one.kind) {
			continue
		}
		typed := values.Get(one.name)
		shown, there := back[one.name]
		if !there && strings.TrimSpace(typed) != "" {
			a.complain("%s: the field %s is not on the page that came back when it was %s and %s", a.at(), one.name, clipped(typed), what)
		} else if there && asShown(shown) != asShown(typed) {
			a.complain("%s: %s is changed when it was %s: it is %s, and %s", a.at(), one.name, clipped(typed), clipped(shown), what)
		}
	}
}

// asShown is text as a page can hold it: one kind of line end, and a mark for what no page can hold.
func asShown(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	return strings.ReplaceAll(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""), "\ufffd", "")
}

// noFormulas reads the list of children as a spreadsheet would: no cell begins a formula.
func (x *torture) noFormulas() {
	if !access.Can(x.people[x.role], access.ExportChildren) {
		return
	}
	page := x.As(x.people[x.role]).Get("/children.csv?status=all")
	if page.Status != http.StatusOK {
		x.complain("/children.csv answered %d", page.Status)
		return
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(page.Body, "\ufeff"))).ReadAll()
	if err != nil {
		x.complain("/children.csv cannot be read: %v", err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				x.complain("/children.csv has a cell that a spreadsheet would run: %s", clipped(cell))
			}
		}
	}
}

// complain reports a kind of problem once, with its first case.
func (x *torture) complain(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	kind, _, _ := strings.Cut(text, " when ")
	x.problems[kind]++
	if x.problems[kind] == 1 && len(x.problems) <= 200 {
		x.t.Error(text)
	}
}

func clipped(text string) string {
	if len(text) > 60 {
		return fmt.Sprintf("%.60q… (%d bytes)", text, len(text))
	}
	return fmt.Sprintf("%q", text)
}
