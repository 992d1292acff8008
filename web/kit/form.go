package kit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/hours"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/web/ui"
)

// formLimit is more than the words of any form need.
const formLimit = 1 << 20

// The names of the two hidden fields that every form carries.
const keyField, versionField = "key", "version"

// Form is what was typed, whether right or wrong, and what is wrong with it. A page shows a form
// by asking it for values and problems, so the first look and the failed attempt are one template.
type Form struct {
	Problems fault.Problems
	// Key makes the form count once however often it is sent.
	Key       string
	values    url.Values
	prefix    string // before every name on the page: see Under
	overtaken bool
}

// NewForm is an empty or prefilled form for a page's first look.
func NewForm(prefilled map[string]string) *Form {
	form := &Form{Key: NewKey(), values: url.Values{}}
	for name, value := range prefilled {
		form.values.Set(name, value)
	}
	return form
}

// SetDate prefills the three boxes of a date; the zero date leaves them empty.
func (f *Form) SetDate(name string, date calendar.Date) {
	if date.IsZero() {
		return
	}
	f.values.Set(name+"-day", strconv.Itoa(date.Day))
	f.values.Set(name+"-month", strconv.Itoa(int(date.Month)))
	f.values.Set(name+"-year", strconv.Itoa(date.Year))
}

// Set prefills a field.
func (f *Form) Set(name string, values ...string) { f.values[name] = values }

// SetVersion puts the version of the record that the page shows into the form.
func (f *Form) SetVersion(version int) { f.values.Set(versionField, strconv.Itoa(version)) }

// NewKey makes a form count once however often it is sent. Each of several forms on a page has its own.
func NewKey() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

var keyShape = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

type formKey struct{}

// FormOf is the form the router has read for a handler registered with Post.
func FormOf(r *http.Request) *Form {
	form, _ := r.Context().Value(formKey{}).(*Form)
	return form
}

const tooLarge = "What you sent is too large. Send a smaller file or less text."

// readForm reads the posted form, with up to so many bytes of files, and marks the context with its key,
// so that the first change made under it happens once.
func readForm(w http.ResponseWriter, r *http.Request, files int64) (*http.Request, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var problems fault.Problems
	var err error
	if kind == "multipart/form-data" {
		r.Body = http.MaxBytesReader(w, r.Body, mostSent)
		problems, err = readParts(r, files)
	} else {
		r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		err = r.ParseForm()
	}
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over), errors.Is(err, fault.KindTooLarge):
		return nil, fault.TooLarge(tooLarge)
	case err != nil:
		return nil, fault.New(fault.KindInvalid, "The form could not be read. Go back and send it again.")
	}
	form := &Form{values: r.PostForm, Problems: problems}
	ctx := context.WithValue(r.Context(), formKey{}, form)
	if key := r.PostForm.Get(keyField); keyShape.MatchString(key) {
		form.Key = key
		content := url.Values{}
		for name, values := range r.PostForm {
			if name != keyField {
				content[name] = values
			}
		}
		sum := sha256.Sum256([]byte(r.URL.Path + "?" + content.Encode()))
		ctx = postgres.WithSubmission(ctx, &postgres.Submission{Key: key, Content: sum[:]})
	} else {
		form.Key = NewKey()
	}
	return r.WithContext(ctx), nil
}

// Value is what was typed in a field, exactly.
func (f *Form) Value(name string) string { return f.values.Get(name) }

// All is every value of a field that may be given more than once.
func (f *Form) All(name string) []string { return f.values[name] }

// Checked says whether a box or choice has this value.
func (f *Form) Checked(name, value string) bool {
	for _, given := range f.values[name] {
		if given == value {
			return true
		}
	}
	return false
}

// Error is the first problem with a field, or empty.
func (f *Form) Error(name string) string { return f.Problems.Text(name) }

// Err is nil, or the problems as a fault.
func (f *Form) Err() error { return f.Problems.Err() }

// Refuses takes the problems of a service into the form, and says whether the page must be shown
// again. Other errors are not its business.
func (f *Form) Refuses(err error) bool {
	problems := fault.Of(err)
	for _, problem := range problems {
		if !f.Problems.Has(problem.Field) {
			f.Problems.Add(problem.Field, problem.Text)
		}
	}
	return len(problems) > 0
}

// Summary is the problems for the error summary at the top of the page.
func (f *Form) Summary() []ui.FieldError {
	var list []ui.FieldError
	for _, problem := range f.Problems.Shown() {
		list = append(list, ui.FieldError{Field: problem.Field, Text: problem.Text})
	}
	return list
}

// Version is the version of the record that the page was showing; 0 when it was not given.
func (f *Form) Version() int {
	version, err := strconv.Atoi(f.Value(versionField))
	if err != nil || version < 0 {
		return 0
	}
	return version
}

// Text reads a field that may be left empty, up to max characters.
func (f *Form) Text(name, label string, max int) string {
	text := strings.TrimSpace(strings.ReplaceAll(f.Value(name), "\r\n", "\n"))
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, notForText):
		f.Problems.Add(name, label+" has a character that cannot be used. Type it again without it.")
	case utf8.RuneCountInString(text) > max:
		f.Problems.Addf(name, "%s must be %d characters or fewer. It is %d.", label, max, utf8.RuneCountInString(text))
	}
	return text
}

func notForText(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// Required reads a field that must have something in it.
func (f *Form) Required(name, label string, max int) string {
	text := f.Text(name, label, max)
	if text == "" && !f.Problems.Has(name) {
		f.Problems.Add(name, "Enter "+lowerFirst(label))
	}
	return text
}

// Choice reads a field that must have one of the values offered.
func (f *Form) Choice(name, label string, offered ...string) string {
	value := f.OptionalChoice(name, label, offered...)
	if value == "" && !f.Problems.Has(name) {
		f.Problems.Add(name, "Choose "+lowerFirst(label))
	}
	return value
}

// OptionalChoice reads a field that has one of the values offered, or none.
func (f *Form) OptionalChoice(name, label string, offered ...string) string {
	value := f.Value(name)
	if value == "" {
		return ""
	}
	for _, one := range offered {
		if value == one {
			return value
		}
	}
	f.Problems.Add(name, "Choose "+lowerFirst(label)+" from the list")
	return ""
}

// Date reads a date in three boxes that must be given.
func (f *Form) Date(name, label string) calendar.Date {
	date, err := calendar.ParseInput(f.Value(name+"-day"), f.Value(name+"-month"), f.Value(name+"-year"))
	if err != nil {
		f.Problems.Add(name, calendar.InputProblem(err, label))
	}
	return date
}

// OptionalDate reads a date in three boxes that may be left empty.
func (f *Form) OptionalDate(name, label string) calendar.Date {
	if f.Value(name+"-day")+f.Value(name+"-month")+f.Value(name+"-year") == "" {
		return calendar.Date{}
	}
	return f.Date(name, label)
}

// Money reads an amount in pounds and pence.
func (f *Form) Money(name, label string) money.Pence {
	text := strings.TrimSpace(f.Value(name))
	if text == "" {
		f.Problems.Add(name, "Enter "+lowerFirst(label))
		return 0
	}
	amount, err := money.Parse(text)
	f.Problems.AddErr(name, err)
	return amount
}

// Hours reads hours a week, such as 12.5.
func (f *Form) Hours(name, label string) hours.Weekly {
	text := strings.TrimSpace(f.Value(name))
	if text == "" {
		f.Problems.Add(name, "Enter "+lowerFirst(label))
		return 0
	}
	weekly, err := hours.Parse(text)
	f.Problems.AddErr(name, err)
	return weekly
}

// Number reads a whole number between two others.
func (f *Form) Number(name, label string, low, high int) int {
	text := strings.TrimSpace(f.Value(name))
	if text == "" {
		f.Problems.Add(name, "Enter "+lowerFirst(label))
		return 0
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < low || number > high {
		f.Problems.Addf(name, "%s must be a whole number from %d to %d", label, low, high)
	}
	return number
}

// ID reads the number of a record chosen from a list; 0 when none was.
func (f *Form) ID(name string) int64 {
	id, err := strconv.ParseInt(f.Value(name), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// The fields that belong to a draft: the page whose draft this one was shown with, and a count of
// what was sent from here, which scripts raise. Scripts send the page's key under another name, so
// that keeping a draft does not count as the form's one sending.
const draftFromField, draftTurnField, draftPageField = "draft_from", "draft_turn", "draft_page"

// DraftPage names the page that the form was filled in on.
func (f *Form) DraftPage() string {
	if page := f.Value(draftPageField); keyShape.MatchString(page) {
		return page
	}
	return f.Key
}

// DraftFrom is the page whose draft this form was shown with; empty for none.
func (f *Form) DraftFrom() string {
	if page := f.Value(draftFromField); keyShape.MatchString(page) {
		return page
	}
	return ""
}

// DraftTurn counts what was sent from this page.
func (f *Form) DraftTurn() int {
	turn, err := strconv.Atoi(f.Value(draftTurnField))
	if err != nil || turn < 0 || turn > mostTurns {
		return 0
	}
	return turn
}

// mostTurns is more than a page can send in its life.
const mostTurns = 1_000_000

// Fields is what was typed, to be kept as a draft: every field but those named and those that
// belong to the sending.
func (f *Form) Fields(without ...string) map[string][]string {
	fields := map[string][]string{}
	for name, values := range f.values {
		switch {
		case name == keyField, name == versionField, name == draftFromField, name == draftTurnField, name == draftPageField, slices.Contains(without, name):
		default:
			fields[name] = slices.Clone(values)
		}
	}
	return fields
}

// Restore puts a draft's fields in place of what the form was filled with. The form keeps its key
// and version, and remembers the page and turn of the draft.
func (f *Form) Restore(fields map[string][]string, page string, turn int) {
	version := f.Value(versionField)
	f.values = url.Values{}
	for name, values := range fields {
		f.values[name] = slices.Clone(values)
	}
	f.values.Set(versionField, version)
	f.Kept(page, turn)
}

// Kept remembers the draft that what is typed here goes on from.
func (f *Form) Kept(page string, turn int) {
	f.values.Set(draftFromField, page)
	f.values.Set(draftTurnField, strconv.Itoa(turn+1))
}

// Row is the name of a field in the nth line of a repeated group: "what-2".
func Row(name string, n int) string { return fmt.Sprintf("%s-%d", name, n) }

func lowerFirst(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	second, _ := utf8.DecodeRuneInString(label[size:])
	if unicode.IsUpper(second) {
		return label
	}
	return string(unicode.ToLower(first)) + label[size:]
}

// Renew gives the form a new key: what is sent next is a new decision, such as after a conflict.
func (f *Form) Renew() { f.Key = NewKey() }

// Overtaken is a form whose record somebody else changed meanwhile: what was typed stays, and sending
// it again is a new decision, about the version that is saved now. Its page answers 409 and shows both.
func (f *Form) Overtaken(version int) {
	f.SetVersion(version)
	f.Renew()
	f.overtaken = true
}

// Rename moves the problems of a service's field to the field of the page that asks for it.
func (f *Form) Rename(from, to string) {
	for i := range f.Problems {
		if f.Problems[i].Field == from {
			f.Problems[i].Field = to
		}
	}
}
