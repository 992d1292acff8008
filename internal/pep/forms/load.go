package forms

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/yamlfile"
)

// FirstOwnVersion is where the versions of a council's own forms begin, so that they never meet
// those that come with the program.
const FirstOwnVersion = 100

// Builtin is the forms that come with the program.
func Builtin() (Set, error) { return Load(nil) }

// Load is the forms that come with the program and those in a council's own folder, one to each
// .yaml file; nil for none. A council's form of the same name takes the place of the one that
// comes with the program for plans that begin from now on; older versions stay, for the plans that
// began with them. The error is Faulty when the files can be read and are wrong.
func Load(own fs.FS) (Set, error) {
	var set Set
	var problems Faulty
	builtin, err := fs.Sub(formFiles, "builtin")
	if err != nil {
		return Set{}, err
	}
	if err := set.read(builtin, false, &problems); err != nil {
		return Set{}, err
	}
	if own != nil {
		if err := set.read(own, true, &problems); err != nil {
			return Set{}, err
		}
	}
	if len(problems) == 0 {
		set.checkTogether(&problems)
	}
	if len(problems) > 0 {
		return Set{}, problems
	}
	return set, nil
}

// read adds the forms of a folder.
func (s *Set) read(folder fs.FS, own bool, problems *Faulty) error {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return err
	}
	if more, _ := fs.Glob(folder, "*.yml"); len(more) > 0 {
		yamlfile.In(more[0], problems.list()).Wrong("the name must end in .yaml for the file to be read. Rename it.")
	}
	if len(names) == 0 {
		return errors.New("there is no form: put at least one .yaml file in the folder of forms")
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return fmt.Errorf("forms: %w", err)
		}
		if form, readable := Read(name, text, problems); readable {
			form.Own = own
			s.add(name, form, problems)
		}
	}
	return nil
}

func (s *Set) add(name string, form Form, problems *Faulty) {
	at := yamlfile.In(name, problems.list()).Down("version", nil)
	if _, twice := s.Form(form.Name, form.Version); twice && form.Name != "" {
		at.Wrong("version %d of %s is in another file too. Give the newer one the next number.", form.Version, form.Name)
	}
	if form.Own && form.Version > 0 && form.Version < FirstOwnVersion {
		at.Wrong("version is %d. Your own versions begin at %d, so that they never meet those that come with the program.", form.Version, FirstOwnVersion)
	}
	s.all = append(s.all, form)
}

// Read reads and checks one file; false for one that is not YAML. What is wrong is added to problems.
func Read(name string, text []byte, problems *Faulty) (Form, bool) {
	at, root, readable := yamlfile.Document(name, "form", text, problems.list())
	if !readable {
		return Form{}, false
	}
	before := len(*problems)
	form := readForm(at, root)
	slices.SortStableFunc((*problems)[before:], func(a, b yamlfile.Problem) int { return cmp.Compare(a.Line, b.Line) })
	return form, true
}

// checkTogether finds what only shows when all forms are side by side: every child must have one
// form that is suggested, whatever the kind of plan.
func (s Set) checkTogether(problems *Faulty) {
	told := map[string]bool{}
	for _, kind := range kinds {
		for year := FirstYear; year <= LastYear; year++ {
			for _, at := range Places {
				forms := s.suggested(Situation{Kind: kind, Year: year, Circumstances: []Circumstance{at}})
				of := calendar.YearGroup(year) + ", " + circumstanceWords[at]
				var wrong string
				switch {
				case len(forms) == 0:
					wrong = "No form is suggested for a child in " + of + ". Add the case to suggested_for of one."
				case len(forms) > 1 && forms[0].Own == forms[1].Own:
					wrong = fmt.Sprintf("Both %s and %s are suggested for a child in %s. Move the case from suggested_for to also_for in one.", forms[0].Name, forms[1].Name, of)
				}
				if wrong != "" && !told[wrong] {
					told[wrong] = true
					yamlfile.In("all forms together", problems.list()).Wrong("%s", wrong)
				}
			}
		}
	}
}

// suggested are the newest forms whose first choice a situation is, the council's own before others.
func (s Set) suggested(situation Situation) []Form {
	var forms []Form
	for _, form := range s.Newest() {
		if len(form.SuggestedFor) > 0 && Applies(form.SuggestedFor, situation) {
			forms = append(forms, form)
		}
	}
	slices.SortStableFunc(forms, func(a, b Form) int {
		switch {
		case a.Own && !b.Own:
			return -1
		case b.Own && !a.Own:
			return 1
		}
		return 0
	})
	return forms
}
