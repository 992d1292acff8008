package forms_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"virtualschool/internal/access"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/forms/formstest"
)

func builtin(t *testing.T) forms.Set {
	t.Helper()
	set, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

var kinds = []string{"initial", "termly", "transition", "emergency", "closing"}

// situations are all kinds, years and places in which a form can be chosen.
func situations(form forms.Form) []forms.Situation {
	var all []forms.Situation
	for _, kind := range kinds {
		for year := forms.FirstYear; year <= forms.LastYear; year++ {
			for _, place := range forms.Places {
				one := forms.Situation{Kind: kind, Year: year, Circumstances: []forms.Circumstance{place, forms.EHCPlan}}
				if form.Fits(one) {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

func TestEveryFormCanBeFinishedAndNotSkipped(t *testing.T) {
	t.Parallel()
	newest := builtin(t).Newest()
	if len(newest) != 8 {
		t.Errorf("%d forms come with the program", len(newest))
	}
	for _, form := range newest {
		if len(situations(form)) == 0 {
			t.Errorf("%s is for nobody", form.Name)
		}
		for _, situation := range situations(form) {
			for _, section := range form.For(situation).Sections {
				if wrong := section.Check(formstest.Answers(section), true); len(wrong) > 0 {
					t.Errorf("%s %s in %+v, fully answered: %v", form.Name, section.Key, situation, wrong)
				}
				if wrong := section.Check(forms.Answers{}, true); len(wrong) == 0 {
					t.Errorf("%s %s in %+v may be called complete when empty", form.Name, section.Key, situation)
				}
			}
		}
	}
}

// The school's part of a termly review is ten minutes: at most twenty questions, and few of them long.
func TestTheSchoolsPartIsShort(t *testing.T) {
	t.Parallel()
	for _, form := range builtin(t).Newest() {
		for _, situation := range situations(form) {
			if situation.Kind != "termly" {
				continue
			}
			asked, long := 0, 0
			for _, section := range form.For(situation).Sections {
				if section.Owners[0] != forms.OwnedBySchool {
					continue
				}
				for _, q := range section.Shown(forms.Answers{}) {
					if q.Known == "" {
						asked++
					}
					if q.Required && q.Type == forms.TypeText && q.Limit() > 500 {
						long++
					}
				}
			}
			if asked > 22 || long > 10 {
				t.Errorf("%s asks the school %d questions in %+v, %d of them long", form.Name, asked, situation, long)
			}
		}
	}
}

func section(form forms.Form, key string) bool { _, there := form.Section(key); return there }

func TestSectionsAreAskedWhereTheyApply(t *testing.T) {
	t.Parallel()
	set := builtin(t)
	for _, c := range []struct {
		form, kind string
		year       int
		section    string
		want       bool
	}{
		{"primary", "termly", 5, "next_school", false}, {"primary", "termly", 6, "next_school", true}, {"primary", "transition", 3, "next_school", true},
		{"secondary", "termly", 10, "next_school", false}, {"secondary", "termly", 11, "next_school", true}, {"secondary", "transition", 7, "next_school", true},
		{"early_years", "termly", -2, "next_school", false}, {"early_years", "termly", -1, "next_school", true},
		{"primary", "initial", 4, "history", true}, {"primary", "termly", 4, "history", false},
		{"secondary", "emergency", 9, "why_now", true}, {"secondary", "termly", 9, "why_now", false},
		{"post_16", "closing", 13, "closing", true}, {"post_16", "termly", 13, "closing", false},
		{"special", "termly", 8, "adulthood", false}, {"special", "termly", 9, "adulthood", true},
	} {
		form, _ := set.NewestOf(c.form)
		if got := section(form.For(forms.Situation{Kind: c.kind, Year: c.year}), c.section); got != c.want {
			t.Errorf("%s, %s, year %d: %s is asked: %v", c.form, c.kind, c.year, c.section, got)
		}
	}
	primary, _ := set.NewestOf("primary")
	for year, want := range map[int]string{1: "phonics", 4: "tables", 6: "ks2_expected"} {
		attainment, _ := primary.For(forms.Situation{Kind: "termly", Year: year}).Section("attainment")
		asked := false
		for _, q := range attainment.Questions {
			asked = asked || q.Key == want
		}
		if !asked {
			t.Errorf("Year %d is not asked %s", year, want)
		}
	}
}

func TestEveryMistakeOfAFormIsReported(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/faulty-20.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var problems forms.Faulty
	if _, readable := forms.Read("faulty-20.yaml", text, &problems); !readable {
		t.Fatal("the file is YAML")
	}
	want := []struct {
		line  int
		path  string
		words string
	}{
		{3, "form", "Write small letters"},
		{4, "version", "1 or more"},
		{6, "colour", "is not known here"},
		{8, "suggested_for.1.years", "from Year 9 is after to Year 7"},
		{9, "also_for.1.kinds.1", `"yearly" is not known. Write one of initial`},
		{11, "sections.voice", "a part that every plan has"},
		{13, "sections.voice.owners.1", `"carer" is not known. Write one of social_worker`},
		{17, "sections.home.title", "title is missing"},
		{21, "sections.home.questions.where.max", "from 1 to 10000"},
		{22, "sections.home.questions.where", "two questions with the key"},
		{23, "sections.home.questions.how.lable", "Write label."},
		{24, "sections.home.questions.move.reason_for", "yes or no"},
		{25, "sections.home.questions.hours.high", "High must be more than low"},
		{26, "sections.home.questions.essay.type", `"essay"`},
		{27, "sections.home.questions.choose.options", "at least two options"},
		{28, "sections.home.questions.later.shown_when.question", "not an earlier question"},
		{29, "sections.home.questions.day.known", "can only fill in a question of type number"},
		{30, "sections.home.questions.week.most", "from 1 to 20"},
		{31, "sections.home.questions.pick.options.a", "is here twice"},
		{11, "sections", "law: leisure"},
	}
	if len(want) != 20 {
		t.Fatalf("the table has %d mistakes", len(want))
	}
	for _, mistake := range want {
		found := false
		for _, p := range problems {
			found = found || p.File == "faulty-20.yaml" && p.Line == mistake.line && p.Path == mistake.path && strings.Contains(p.Text, mistake.words)
		}
		if !found {
			t.Errorf("not reported: line %d, %s: %s", mistake.line, mistake.path, mistake.words)
		}
	}
	if len(problems) != len(want) || t.Failed() {
		t.Errorf("%d problems of %d mistakes:\n%v", len(problems), len(want), problems)
	}
}

const own = `form: primary
version: 100
title: Our own
about: For our own schools
suggested_for: [{years: {from: "1", to: "6"}, situations: [at_school, at_alternative_provision]}]
sections:
  - key: one
    title: One
    owners: [school]
    questions:
      - {key: sure, type: yes_no_reason, label: "Sure?", reason_for: "no", law: changes, required: true}
      - {key: when, type: date, label: When, shown_when: {question: sure, is: ["yes"]}, required: true}
      - {key: a, type: text, label: A, law: history, required: true}
      - {key: b, type: text, label: B, law: leisure, required: true}
      - {key: c, type: text, label: C, law: carers, required: true}
      - {key: d, type: text, label: D, law: arrangements, required: true}
`

func folder(files ...string) fstest.MapFS {
	folder := fstest.MapFS{}
	for n := 0; n+1 < len(files); n += 2 {
		folder[files[n]] = &fstest.MapFile{Data: []byte(files[n+1])}
	}
	return folder
}

func TestACouncilsFormTakesThePlaceOfOurs(t *testing.T) {
	t.Parallel()
	second := strings.NewReplacer("version: 100", "version: 101", "title: One", "title: Two").Replace(own)
	set, err := forms.Load(folder("primary-100.yaml", own, "primary-101.yaml", second, "notes.txt", "not a form"))
	if err != nil {
		t.Fatal(err)
	}
	suggested, _ := set.Suggest(forms.Learner{Situation: forms.Situation{Kind: "termly", Year: 3, Circumstances: []forms.Circumstance{forms.AtSchool}}})
	if suggested.Form.Version != 101 || !suggested.Form.Own {
		t.Errorf("a new plan begins with %s version %d", suggested.Form.Name, suggested.Form.Version)
	}
	for version, title := range map[int]string{1: "Home and care", 100: "One", 101: "Two"} {
		form, kept := set.Form("primary", version)
		titles := ""
		for _, section := range form.Sections {
			titles += section.Title + "; "
		}
		if !kept || !strings.Contains(titles, title) {
			t.Errorf("version %d reads %q", version, titles)
		}
	}
	if versions := set.Versions("primary"); len(versions) != 3 || versions[0].Version != 101 {
		t.Errorf("%d versions", len(versions))
	}
	other := strings.Replace(own, "form: primary", "form: ours", 1)
	set, err = forms.Load(folder("ours.yaml", other))
	if err != nil {
		t.Fatal("a council's own form is suggested before ours:", err)
	}
	if suggested, _ = set.Suggest(forms.Learner{Situation: forms.Situation{Kind: "termly", Year: 3, Circumstances: []forms.Circumstance{forms.AtSchool}}}); suggested.Form.Name != "ours" {
		t.Errorf("suggested: %s", suggested.Form.Name)
	}
	if _, offered := suggested.Offers("primary"); !offered {
		t.Error("ours cannot be chosen any more")
	}
}

func TestWhatIsWrongWithTheFolder(t *testing.T) {
	t.Parallel()
	narrow := strings.Replace(own, `to: "6"`, `to: "5"`, 1)
	other := strings.Replace(own, "form: primary", "form: ours", 1)
	for name, c := range map[string]struct {
		folder fstest.MapFS
		words  string
	}{
		"empty":            {fstest.MapFS{}, "there is no form"},
		"no YAML":          {folder("x.yaml", "form: ["), "x.yaml: the file is not YAML"},
		"nothing in it":    {folder("x.yaml", "# later\n"), "x.yaml: the file is empty"},
		"a list":           {folder("x.yaml", "- form\n"), "x.yaml, line 1: a form must be a list of names and values"},
		"an alias":         {folder("x.yaml", "form: &a x\ntitle: *a\n"), "x.yaml, line 1: anchors and aliases"},
		"two documents":    {folder("x.yaml", own+"---\nform: y\n"), "more than one form in the file"},
		"too large":        {folder("x.yaml", "#"+strings.Repeat("x", 1<<20)), "larger than a form can be"},
		"another ending":   {folder("x.yaml", own, "y.yml", own), "y.yml: the name must end in .yaml"},
		"our number":       {folder("x.yaml", strings.Replace(own, "version: 100", "version: 2", 1)), "Your own versions begin at 100"},
		"the same twice":   {folder("x.yaml", own, "y.yaml", own), "y.yaml, version: version 100 of primary is in another file too"},
		"a year forgotten": {folder("x.yaml", narrow), "No form is suggested for a child in Year 6, at nursery, school or college"},
		"two for a year":   {folder("x.yaml", own, "y.yaml", other), "Both primary and ours are suggested for a child in Year 1"},
		"a page's own key": {folder("x.yaml", strings.Replace(own, "{key: a,", "{key: version,", 1)), `sections.one.questions.version: key "version" is used by the page itself`},
		"law only at times": {folder("x.yaml", strings.Replace(own, "label: B,", "label: B, applies: [{kinds: [initial]}],", 1)),
			"leisure interests (Care Planning Regulations 2010, Schedule 1)"},
		"no section a list": {folder("x.yaml", "form: x\nversion: 100\ntitle: X\nabout: X\nalso_for: [{years: {from: R}}]\nsections: none\n"), "sections: write a list"},
	} {
		_, err := forms.Load(c.folder)
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", name, err)
		}
		var faulty forms.Faulty
		if name != "empty" && !errors.As(err, &faulty) {
			t.Errorf("%s is not a list of problems", name)
		}
	}
}

func FuzzReadingAForm(f *testing.F) {
	f.Add([]byte(own))
	for _, name := range []string{"testdata/faulty-20.yaml", "builtin/primary.yaml", "builtin/eotas.yaml"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{"form: [", "a: &a [*a]", "? {}", "sections: {}", "sections: [~, {questions: [~]}]", "form: !!binary x", "{}: {}", "---\n---\n", "%YAML 1.1"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var problems forms.Faulty
		form, readable := forms.Read("fuzz.yaml", text, &problems)
		if !readable && len(problems) == 0 {
			t.Fatal("it cannot be read, and nothing says why")
		}
		if len(problems) > 0 {
			return
		}
		// A form without a problem can be answered, and every question it asks can be written and read.
		for _, section := range form.Sections {
			if len(section.Owners) == 0 || section.Title == "" {
				t.Fatalf("section %q has nobody or no title", section.Key)
			}
			answers := formstest.Answers(section)
			section.Check(answers, true)
			for _, q := range section.Questions {
				if q.Words(answers[q.Key]) == "" && q.Type != forms.TypeChoices {
					t.Fatalf("an answer to %q of type %s reads as nothing", q.Key, q.Type)
				}
			}
		}
		if !bytes.Contains(text, []byte("law")) {
			t.Fatal("a form without the law's five was taken")
		}
	})
}

func TestWhoWritesASection(t *testing.T) {
	t.Parallel()
	section := forms.Section{Owners: []forms.Owner{forms.OwnedBySchool}}
	for hasSchool, want := range map[bool]bool{true: false, false: true} {
		got := false
		for _, role := range section.Roles(hasSchool) {
			got = got || role == access.SocialWorker
		}
		if got != want {
			t.Errorf("has a school %v: the social worker writes the school's section: %v", hasSchool, got)
		}
	}
}
