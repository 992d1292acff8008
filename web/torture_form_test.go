package web_test

import (
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/web/webtest"
)

// field is one thing of a form that a person fills in.
type field struct {
	name     string
	kind     string // text, textarea, select, radio, checkbox, hidden, password, file, date, money
	optional bool   // only asked for beside one of several choices
	offered  []string
}

// form is a form as it stands on a page: its fields, and what a browser would send of it with a
// plausible answer in every empty field.
type form struct {
	action string
	button string // the name and value of the button, where there are several
	fields []field
	filled url.Values
}

// signature is what makes two forms the same one, on whichever child's page.
func (f form) signature() string {
	var names []string
	for _, one := range f.fields {
		if strings.Contains(f.action, "/mine") {
			break // whichever of a plan's sections it has: each has a page of its own too
		}
		names = append(names, one.name)
	}
	slices.Sort(names)
	return numbersIn.ReplaceAllString(f.action, "#") + " " + f.button + " " + strings.Join(slices.Compact(names), " ")
}

// formsOf finds every form of a page that changes something, once for each of its buttons.
func formsOf(page *webtest.Page) []form {
	var found []form
	page.Find(`form[method="post"]`).Each(func(_ int, element *goquery.Selection) {
		f := form{action: element.AttrOr("action", ""), filled: url.Values{}}
		element.Find("input[name], textarea[name], select[name]").Each(func(_ int, control *goquery.Selection) { f.read(element, control) })
		buttons := element.Find("button[name]")
		if buttons.Length() == 0 || element.Find("button:not([name])").Length() > 0 {
			found = append(found, f)
		}
		buttons.Each(func(_ int, button *goquery.Selection) {
			pressed := form{action: f.action, fields: f.fields, button: button.AttrOr("name", "") + "=" + button.AttrOr("value", ""),
				filled: webtest.With(f.filled, button.AttrOr("name", ""), button.AttrOr("value", ""))}
			if action, elsewhere := button.Attr("formaction"); elsewhere {
				pressed.action = action
			}
			found = append(found, pressed)
		})
	})
	return found
}

func (f *form) read(element, control *goquery.Selection) {
	name := control.AttrOr("name", "")
	one := field{name: name, kind: control.AttrOr("type", "text"), optional: control.Closest(".govuk-radios__conditional, .govuk-checkboxes__conditional").Length() > 0}
	if _, unseen := control.Attr("hidden"); unseen {
		one.kind = "hidden"
	}
	value := control.AttrOr("value", "")
	switch goquery.NodeName(control) {
	case "textarea":
		one.kind, value = "textarea", strings.TrimPrefix(control.Text(), "\n")
	case "select":
		one.kind = "select"
		value = control.Find("option[selected]").AttrOr("value", "")
		control.Find("option").Each(func(_ int, option *goquery.Selection) {
			one.offered = append(one.offered, option.AttrOr("value", ""))
			if value == "" {
				value = option.AttrOr("value", "")
			}
		})
	}
	if date, isDay := strings.CutSuffix(name, "-day"); isDay && element.Find(`[name="`+date+`-year"]`).Length() > 0 {
		f.fields = append(f.fields, field{name: date, kind: "date", optional: one.optional})
	}
	if control.Parent().ChildrenFiltered(".govuk-input__prefix").Text() == "£" {
		one.kind = "money"
	}
	_, checked := control.Attr("checked")
	switch one.kind {
	case "radio":
		if checked || f.filled.Get(name) == "" && !element.Find(`[name="`+name+`"][checked]`).Is("*") {
			f.filled.Set(name, value)
		}
	case "checkbox":
		if checked {
			f.filled.Add(name, value)
		}
	case "file", "submit":
		return
	case "money":
		f.filled.Set(name, orElse(value, "12.50"))
	case "text", "search", "textarea":
		f.filled.Set(name, orElse(value, plausible(name)))
	default:
		f.filled.Set(name, value)
	}
	if !slices.ContainsFunc(f.fields, func(other field) bool { return other.name == name }) {
		f.fields = append(f.fields, one)
	}
}

func plausible(name string) string {
	switch {
	case strings.HasSuffix(name, "-day"):
		return "20"
	case strings.HasSuffix(name, "-month"):
		return "11"
	case strings.HasSuffix(name, "-year"):
		return "2026"
	case strings.Contains(name, "email"):
		return "somebody@example.test"
	}
	return "Plain words"
}

func orElse(value, other string) string {
	if value == "" {
		return other
	}
	return value
}

// freshKey makes the form a new act, as opening its page again would.
func freshKey(values url.Values) url.Values {
	var raw [16]byte
	rand.Read(raw[:])
	text := hex.EncodeToString(raw[:])
	return webtest.With(values, "key", text[:8]+"-"+text[8:12]+"-"+text[12:16]+"-"+text[16:20]+"-"+text[20:])
}

// shownAgain is what a page that came back has in the fields of a form, by their names; of fields of one
// name the first.
func shownAgain(page *webtest.Page, action string) map[string]string {
	action, _, _ = strings.Cut(action, "#") // a button may lead to its place on the page
	shown := map[string]string{}
	page.Find(`form[method="post"]`).Each(func(_ int, form *goquery.Selection) {
		if form.AttrOr("action", "") != action {
			return
		}
		form.Find("[name]").Each(func(_ int, control *goquery.Selection) {
			name := control.AttrOr("name", "")
			if _, earlier := shown[name]; earlier {
				return
			}
			if goquery.NodeName(control) == "textarea" {
				shown[name] = strings.TrimPrefix(control.Text(), "\n")
			} else {
				shown[name] = control.AttrOr("value", "")
			}
		})
	})
	return shown
}
