package ics_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/ics"
)

var stamp = time.Date(2026, 7, 1, 0, 30, 0, 0, time.FixedZone("BST", 3600))

// property is a line as a reader takes it: name, parameters, value.
type property struct{ name, parameters, value string }

// read takes a file apart by the grammar of RFC 5545, section 3.1, and by nothing of the writer's own.
func read(t *testing.T, file []byte) []property {
	t.Helper()
	if !utf8.Valid(file) || strings.Contains(strings.ReplaceAll(string(file), "\r\n", ""), "\r") || strings.Contains(strings.ReplaceAll(string(file), "\r\n", ""), "\n") {
		t.Fatalf("not UTF-8, or a line that does not end in CR LF: %q", file)
	}
	for _, line := range strings.Split(string(file), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("%d octets, or half a character: %q", len(line), line)
		}
	}
	whole := regexp.MustCompile("\r\n[ \t]").ReplaceAllString(string(file), "")
	if !strings.HasSuffix(whole, "\r\n") {
		t.Error("the last line has no end")
	}
	shape := regexp.MustCompile(`^([A-Z-]+)((?:;[A-Z-]+=[^;:,"]+)*):(.*)$`)
	var list []property
	for _, line := range strings.Split(strings.TrimSuffix(whole, "\r\n"), "\r\n") {
		parts := shape.FindStringSubmatch(line)
		if parts == nil {
			t.Fatalf("no content line: %q", line)
		}
		list = append(list, property{parts[1], strings.TrimPrefix(parts[2], ";"), parts[3]})
	}
	return list
}

// plain undoes the escapes of TEXT one character at a time.
func plain(value string) string {
	var words strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) {
			i++
			if value[i] == 'n' || value[i] == 'N' {
				words.WriteByte('\n')
				continue
			}
		}
		words.WriteByte(value[i])
	}
	return words.String()
}

func TestAFileIsReadAsItWasMeant(t *testing.T) {
	t.Parallel()
	hard := `Bring: crayons; paper, and a \ backslash` + "\nSecond line, ünïcode — “quotes”, " + strings.Repeat("日本語", 40)
	list := read(t, ics.Write(stamp, []ics.Event{
		{UID: "pep-7-meeting@vs.example", Sequence: 3, Day: calendar.MustParse("2026-12-31"), Summary: "PEP meeting", Details: hard, URL: "https://vs.example/children/7/peps/7?a=1,2;3"},
		{UID: "pep-7-next@vs.example", Day: calendar.MustParse("2028-02-28"), Summary: strings.Repeat("x", 200)},
	}))
	want := map[string][]string{
		"BEGIN": {"VCALENDAR", "VEVENT", "VEVENT"}, "END": {"VEVENT", "VEVENT", "VCALENDAR"}, "VERSION": {"2.0"}, "METHOD": {"PUBLISH"}, "CALSCALE": {"GREGORIAN"},
		"UID": {"pep-7-meeting@vs.example", "pep-7-next@vs.example"}, "SEQUENCE": {"3", "0"}, "DTSTAMP": {"20260630T233000Z", "20260630T233000Z"},
		"DTSTART": {"20261231", "20280228"}, "DTEND": {"20270101", "20280229"}, "SUMMARY": {"PEP meeting", strings.Repeat("x", 200)},
		"DESCRIPTION": {hard}, "URL": {"https://vs.example/children/7/peps/7?a=1,2;3"}, "CLASS": {"PRIVATE", "PRIVATE"}, "TRANSP": {"TRANSPARENT", "TRANSPARENT"},
	}
	got := map[string][]string{}
	for _, p := range list {
		value := p.value
		if p.name == "SUMMARY" || p.name == "DESCRIPTION" {
			value = plain(value)
		}
		if (p.name == "DTSTART" || p.name == "DTEND") != (p.parameters == "VALUE=DATE") {
			t.Errorf("%s has the parameters %q", p.name, p.parameters)
		}
		got[p.name] = append(got[p.name], value)
	}
	for name, values := range want {
		if strings.Join(got[name], "|") != strings.Join(values, "|") {
			t.Errorf("%s: %q, want %q", name, got[name], values)
		}
	}
	if len(got["PRODID"]) != 1 || len(got) != len(want)+1 {
		t.Errorf("properties: %v", got)
	}
}

// TestNothingTypedBreaksTheFile: whatever stands in a text stays in it.
func TestNothingTypedBreaksTheFile(t *testing.T) {
	t.Parallel()
	for _, nasty := range []string{"x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "\r", "\n\n", "a\x00b\x07c", "\xff\xfe", strings.Repeat("é", 500), "END:VCALENDAR", `\\n\`, ";,:\"", ""} {
		list := read(t, ics.Write(stamp, []ics.Event{{UID: "u@vs", Day: calendar.MustParse("2026-12-07"), Summary: nasty}}))
		events, found := 0, ""
		for _, p := range list {
			if p.name == "BEGIN" && p.value == "VEVENT" {
				events++
			}
			if p.name == "SUMMARY" {
				found = plain(p.value)
			}
		}
		clean := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\x07", "").Replace(strings.ToValidUTF8(nasty, "�"))
		if events != 1 || found != clean {
			t.Errorf("%q: %d events, summary %q", nasty, events, found)
		}
	}
	if list := read(t, ics.Write(stamp, nil)); len(list) != 6 {
		t.Errorf("an empty calendar: %v", list)
	}
}
