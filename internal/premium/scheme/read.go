package scheme

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"virtualschool/internal/money"
	"virtualschool/internal/yamlfile"
)

// Most characters of what people read on a page, and most days that evidence may be waited for.
const (
	titleMax = 100
	aboutMax = 500
	wordsMax = 80
	daysMax  = 365
)

// readScheme reads and checks one scheme.
func readScheme(at yamlfile.Place, node *yaml.Node) Scheme {
	f, ok := yamlfile.ReadFields(at, node, "a scheme", "scheme", "version", "title", "about", "source", "basis", "pays", "needs_target", "itemised",
		"automatic", "evidence", "release", "categories", "not_funded")
	if !ok {
		return Scheme{}
	}
	scheme := Scheme{Key: f.Key("scheme"), Version: f.Whole("version"), Title: f.Words("title", titleMax, true), About: f.Words("about", aboutMax, true),
		Source: f.Words("source", aboutMax, true), Basis: Basis(oneOf(f, "basis", string(ByRequest), string(TermlyRelease))),
		Pays: Pays(oneOf(f, "pays", string(InAdvance), string(InArrears))), NeedsTarget: f.Yes("needs_target"), Itemised: f.Yes("itemised")}
	if scheme.Version < 1 {
		f.Place("version").Wrong("version must be 1 or more, and one more for every change")
	}
	if len(scheme.Key) > 40 {
		f.Place("scheme").Wrong("scheme must be 40 characters or fewer")
	}
	if automatic, ok := f.Inner("automatic", "automatic", "up_to"); ok {
		scheme.Automatic.UpTo = amount(automatic, "up_to")
	}
	scheme.Evidence = readEvidence(f)
	scheme.Release = readRelease(f, scheme.Basis)
	scheme.Categories = readCategories(f)
	scheme.NotFunded = readNotFunded(f)
	return scheme
}

// oneOf is a field that must be there, with one of a few values.
func oneOf(f yamlfile.Fields, name string, values ...string) string {
	if f.Missing(name) {
		f.Place(name).Wrong("%s is missing. Write one of %s.", name, strings.Join(values, ", "))
	}
	return f.Offered(name, values)
}

// amount is a sum that must be there and be more than nothing.
func amount(f yamlfile.Fields, name string) money.Pence {
	if f.Missing(name) {
		f.Place(name).Wrong("%s is missing. Write a sum in pounds and pence, such as 550.00.", name)
		return 0
	}
	sum, err := money.Parse(f.Text(name))
	if err != nil || sum == 0 {
		f.Place(name).Wrong("%s is %q. Write a sum in pounds and pence, such as 550.00.", name, f.Text(name))
		return 0
	}
	return sum
}

func readEvidence(f yamlfile.Fields) Evidence {
	if f.Missing("evidence") {
		f.Place("evidence").Wrong("evidence is missing. Say by when it is due: {due_days: 30}.")
		return Evidence{}
	}
	e, ok := f.Inner("evidence", "evidence", "invoice", "due_days")
	if !ok {
		return Evidence{}
	}
	evidence := Evidence{Invoice: e.Yes("invoice"), DueDays: e.Whole("due_days")}
	if evidence.DueDays < 1 || evidence.DueDays > daysMax {
		e.Place("due_days").Wrong("due_days must be from 1 to %d", daysMax)
	}
	return evidence
}

func readRelease(f yamlfile.Fields, basis Basis) Release {
	switch {
	case basis == TermlyRelease && f.Missing("release"):
		f.Place("release").Wrong("release is missing. A termly release needs its amount.")
		return Release{}
	case basis == ByRequest && f.Has("release"):
		f.Place("release").Wrong("release is only for a scheme of basis termly_release. Take it out.")
		return Release{}
	}
	r, ok := f.Inner("release", "release", "amount", "prorate", "split_on_move", "withhold")
	if !ok {
		return Release{}
	}
	release := Release{Amount: amount(r, "amount"), Prorate: r.Yes("prorate"), SplitOnMove: r.Yes("split_on_move")}
	w, ok := r.Inner("withhold", "withhold", "returned", "grades", "independent")
	if !ok {
		return release
	}
	release.WithholdReturned, release.WithholdIndependent = w.Yes("returned"), w.Yes("independent")
	for _, one := range w.List("grades") {
		switch grade := yamlfile.Scalar(one.At, one.Node); {
		case grade == "":
			one.At.Wrong("write the key of a grade, such as red")
		case slices.Contains(release.WithholdGrades, grade):
			one.At.Wrong("%q is here twice. Take one out.", grade)
		default:
			release.WithholdGrades = append(release.WithholdGrades, grade)
		}
	}
	return release
}

func readCategories(f yamlfile.Fields) []Category {
	if f.Count("categories") == 0 {
		f.Place("categories").Wrong("there are no categories. Say what may be asked for.")
	}
	var categories []Category
	for _, one := range f.List("categories") {
		c, ok := yamlfile.ReadFields(one.At, one.Node, "a category", "key", "name")
		if !ok {
			continue
		}
		category := Category{Key: oneOf(c, "key", knownKeys()...), Name: c.Words("name", titleMax, false)}
		if category.Name == "" {
			category.Name = nameOf(category.Key)
		}
		if category.Key != "" && slices.ContainsFunc(categories, func(c Category) bool { return c.Key == category.Key }) {
			one.At.Wrong("the category %q is here twice. Take one out.", category.Key)
		}
		categories = append(categories, category)
	}
	return categories
}

func knownKeys() []string {
	var keys []string
	for _, one := range Known {
		keys = append(keys, one.Key)
	}
	return keys
}

func nameOf(key string) string {
	for _, one := range Known {
		if one.Key == key {
			return one.Name
		}
	}
	return ""
}

func readNotFunded(f yamlfile.Fields) []Refusal {
	var all []Refusal
	seen := map[string]bool{}
	for _, one := range f.List("not_funded") {
		r, ok := yamlfile.ReadFields(one.At, one.Node, "each of not_funded", "words", "why")
		if !ok {
			continue
		}
		refusal := Refusal{Why: r.Words("why", aboutMax, true)}
		for _, word := range r.List("words") {
			text := yamlfile.Scalar(word.At, word.Node)
			compared := strings.Join(wordsOf(text), " ")
			switch {
			case compared == "" || len([]rune(text)) > wordsMax:
				word.At.Wrong("write one or a few words, of %d characters at most", wordsMax)
			case seen[compared]:
				word.At.Wrong("%q is here twice. Take one out.", text)
			}
			seen[compared] = true
			refusal.Words = append(refusal.Words, text)
		}
		if r.Count("words") == 0 {
			r.Place("words").Wrong("words must list what is not paid for, such as [uniform, blazer]")
		}
		all = append(all, refusal)
	}
	return all
}
