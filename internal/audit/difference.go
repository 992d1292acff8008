package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// Difference is one field that a change changed, in the words of screens.
type Difference struct{ Field, Before, After string }

// Differences are the fields whose value went from one thing to another, by their words.
func (c SeenChange) Differences() []Difference {
	before, after := fields(c.Before), fields(c.After)
	var names []string
	for name := range after {
		names = append(names, name)
	}
	for name := range before {
		if _, both := after[name]; !both {
			names = append(names, name)
		}
	}
	var list []Difference
	for _, name := range names {
		if was, is := c.shown(name, before[name]), c.shown(name, after[name]); was != is {
			list = append(list, Difference{Field: FieldName(name), Before: was, After: is})
		}
	}
	slices.SortFunc(list, func(a, b Difference) int { return strings.Compare(a.Field, b.Field) })
	return list
}

// Names are those of people and places that changes hold only the numbers of.
type Names struct{ Accounts, Settings map[int64]string }

type named struct {
	ID   int64
	Name string
}

// QueueNames queues the names that the changes need, and gives a function that puts them into the
// changes once the batch has run. It queues nothing where no number needs a name.
func QueueNames(batch *postgres.Batch, changes []SeenChange) (settle func()) {
	var accounts, settings []int64
	for _, c := range changes {
		for _, values := range []map[string]any{fields(c.Before), fields(c.After)} {
			for field, value := range values {
				number, is := value.(json.Number)
				id, err := number.Int64()
				if !is || err != nil {
					continue
				}
				switch refersTo(field) {
				case "account":
					accounts = append(accounts, id)
				case "setting":
					settings = append(settings, id)
				}
			}
		}
	}
	var people, places []named
	if len(accounts) > 0 {
		postgres.Many(batch, &people, `select id, name from account where id = any (@ids)`, postgres.Args{"ids": accounts})
	}
	if len(settings) > 0 {
		postgres.Many(batch, &places, `select id, name from setting where id = any (@ids)`, postgres.Args{"ids": settings})
	}
	return func() {
		names := Names{Accounts: byID(people), Settings: byID(places)}
		for i := range changes {
			changes[i].names = names
		}
	}
}

func byID(list []named) map[int64]string {
	names := map[int64]string{}
	for _, one := range list {
		names[one.ID] = one.Name
	}
	return names
}

// fields are the named values of what was written, those inside others under both names.
func fields(text *string) map[string]any {
	all := map[string]any{}
	if text == nil {
		return all
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(*text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return all // the database keeps JSON, so this is not met
	}
	if object, is := value.(map[string]any); is {
		flatten(all, "", object)
	} else {
		all["value"] = value
	}
	return all
}

func flatten(into map[string]any, above string, values map[string]any) {
	for name, value := range values {
		if above != "" {
			name = above + ", " + name
		}
		if inner, nested := value.(map[string]any); nested {
			flatten(into, name, inner)
			continue
		}
		into[name] = value
	}
}

const nothing = "nothing"

func (c SeenChange) shown(field string, value any) string {
	switch v := value.(type) {
	case nil:
		return nothing
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case json.Number:
		return c.number(field, v)
	case string:
		return words(v)
	case []any:
		list := make([]string, len(v))
		for i, one := range v {
			list[i] = c.shown(field, one)
		}
		if len(list) == 0 {
			return nothing
		}
		return strings.Join(list, ", ")
	case map[string]any:
		inner := map[string]any{}
		flatten(inner, "", v)
		list := []string{}
		for name, one := range inner {
			if shown := c.shown(name, one); shown != nothing {
				list = append(list, FieldName(name)+" "+shown)
			}
		}
		slices.Sort(list)
		return "(" + strings.Join(list, "; ") + ")"
	}
	return fmt.Sprint(value)
}

func (c SeenChange) number(field string, value json.Number) string {
	whole, err := value.Int64()
	if err != nil {
		return value.String()
	}
	var names map[int64]string
	switch refersTo(field) {
	case "account":
		names = c.names.Accounts
	case "setting":
		names = c.names.Settings
	case "money":
		return money.Pence(whole).String()
	case "":
		return strconv.FormatInt(whole, 10)
	}
	switch name := names[whole]; {
	case whole == 0:
		return nothing
	case name != "":
		return name
	}
	return "number " + strconv.FormatInt(whole, 10)
}

// words are a text as a reader says it: a day or a moment in words, a code of ours without its underscores.
func words(text string) string {
	switch text {
	case "":
		return nothing
	case "sso":
		return "single sign-on"
	}
	if day, err := calendar.Parse(text); err == nil {
		return day.Words()
	}
	if moment, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return calendar.Moment(moment)
	}
	if strings.Contains(text, "_") && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz_") == "" {
		return strings.ReplaceAll(text, "_", " ")
	}
	return text
}

// refersTo says what a field's number stands for: an account, a setting, another record, pence, or nothing
// but itself.
func refersTo(field string) string {
	if cut := strings.LastIndex(field, ", "); cut >= 0 {
		field = field[cut+2:]
	}
	plain := strings.ToLower(strings.ReplaceAll(field, "_", ""))
	if kind, known := kinds[plain]; known {
		return kind
	}
	switch {
	case strings.HasSuffix(plain, "pence"):
		return "money"
	case strings.HasSuffix(plain, "accountid"):
		return "account"
	case strings.HasSuffix(plain, "settingid"):
		return "setting"
	case len(plain) > 2 && (strings.HasSuffix(field, "ID") || strings.HasSuffix(field, "_id")):
		return "record"
	}
	return ""
}

// kinds are the fields whose names alone do not say what their numbers stand for.
var kinds = map[string]string{
	"account": "account", "setting": "setting", "decidedby": "account", "askedby": "account", "for": "account", "standin": "account",
	"amount": "money", "sum": "money", "paid": "money", "approved": "money", "released": "money", "recovered": "money", "asked": "money",
	"retained": "money", "committed": "money", "unit": "money", "upto": "money", "returned": "money", "spent": "money", "planned": "money",
}

// FieldName is a field as screens call it: "Date of birth" for DateOfBirth and date_of_birth.
func FieldName(field string) string {
	parts := strings.Split(field, ", ")
	for i, part := range parts {
		parts[i] = fieldWords(part)
		if i > 0 {
			parts[i] = strings.ToLower(parts[i][:1]) + parts[i][1:]
		}
	}
	return strings.Join(parts, ", ")
}

func fieldWords(field string) string {
	if name, known := fieldNames[field]; known {
		return name
	}
	field = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(field, "ID"), "_id"), "_pence")
	var out strings.Builder
	letters := []rune(field)
	for i, r := range letters {
		starts := unicode.IsUpper(r) && i > 0 && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1]) && unicode.IsUpper(letters[i-1]))
		switch {
		case r == '_', r == ' ':
			out.WriteByte(' ')
			continue
		case starts:
			out.WriteByte(' ')
		}
		alone := i+1 >= len(letters) || !unicode.IsUpper(letters[i+1])
		if i > 0 && unicode.IsUpper(r) && alone && (starts || letters[i-1] == '_') {
			r = unicode.ToLower(r)
		}
		out.WriteRune(r)
	}
	text := out.String()
	if text == "" {
		return "Number"
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// fieldNames are the words for fields whose own are not a reader's.
var fieldNames = map[string]string{
	"UPN": "UPN", "upn": "UPN", "LAChildID": "903 identifier", "la_child_id": "903 identifier", "pep": "PEP", "pep_id": "PEP", "PEPID": "PEP",
	"sen": "SEN", "Possible": "Possible sessions", "Part": "What the person does", "in_authority": "Lives in the authority", "InAuthority": "Lives in the authority",
	"sha256": "Fingerprint of the file", "of": "Belongs to", "value": "Value", "AccountID": "Person", "account": "Person", "EndCode": "Why care ended",
	"made_sure": "How it was made sure who asked", "tries": "Tries", "YearOffset": "Taught out of year", "YearOffsetReason": "Why taught out of year",
}

// SubjectName is what was changed, in a reader's words.
func SubjectName(subject string) string {
	if subject, action, of := strings.Cut(subject, KindMark); of {
		return SubjectName(subject) + KindMark + action
	}
	if name, known := subjectNames[subject]; known {
		return name
	}
	if subject == "" {
		return ""
	}
	return strings.ToUpper(subject[:1]) + strings.ReplaceAll(subject[1:], "_", " ")
}

var subjectNames = map[string]string{
	"access_request":      "Request for access",
	"break_glass":         "Breaking the glass",
	"protected_place":     "Where the child is",
	"account_setting":     "Who belongs to a school",
	"allocation":          "People",
	"attendance_delivery": "Attendance marks",
	"attendance_link":     "Attendance link",
	"audit":               "Audit",
	"care_period":         "Care",
	"child":               "Record",
	"child_block":         "Block",
	"withheld_row":        "Row of a file that was left out",
	"pep":                 "PEP",
	"pep_pause":           "Pause of PEPs",
	"place_search":        "Search for a school place",
	"place_step":          "Search for a school place",
	"policy":              "Rule",
	"premium request":     "Pupil Premium Plus request",
	"print_run":           "Printed PEPs",
	"risk_challenge":      "Sign of risk",
	"roll":                "School",
	"sen_status":          "Special educational needs",
	"setting":             "School or setting",
	"sign_in":             "Sign-in",
}
