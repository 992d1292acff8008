package scheme

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
	"strings"

	"virtualschool/internal/yamlfile"
)

//go:embed builtin/*.yaml
var schemeFiles embed.FS

// FirstOwnVersion is where the versions of a council's own schemes begin, so that they never meet
// those that come with the program.
const FirstOwnVersion = 100

// Faulty is every problem of every file, so that an author can put them right in one go.
type Faulty []yamlfile.Problem

// Error lists them, one a line.
func (f Faulty) Error() string {
	lines := []string{"the paying policies for Pupil Premium Plus need correcting:"}
	for _, problem := range f {
		lines = append(lines, problem.String())
	}
	return strings.Join(lines, "\n")
}

// LoadBeside reads a council's own schemes from the folder "premium" inside its folder of forms,
// beside those that come with the program; these alone where it has none.
func LoadBeside(folder fs.FS) (Set, error) {
	if info, err := fs.Stat(folder, "premium"); err != nil || !info.IsDir() {
		return Load(nil)
	}
	inside, err := fs.Sub(folder, "premium")
	if err != nil {
		return Set{}, err
	}
	return Load(inside)
}

// Load is the schemes that come with the program and those in a council's own folder, one to each
// .yaml file; nil for none. A council's scheme of the same name takes the place of the one that comes
// with the program; older versions stay, for what was done under them. The error is Faulty when the
// files can be read and are wrong.
func Load(own fs.FS) (Set, error) {
	var set Set
	var problems Faulty
	builtin, err := fs.Sub(schemeFiles, "builtin")
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
	if len(problems) > 0 {
		return Set{}, problems
	}
	return set, nil
}

// read adds the schemes of a folder.
func (s *Set) read(folder fs.FS, own bool, problems *Faulty) error {
	list := (*[]yamlfile.Problem)(problems)
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return err
	}
	if more, _ := fs.Glob(folder, "*.yml"); len(more) > 0 {
		yamlfile.In(more[0], list).Wrong("the name must end in .yaml for the file to be read. Rename it.")
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		before := len(*problems)
		at, root, readable := yamlfile.Document(name, "scheme", text, list)
		if !readable {
			continue
		}
		scheme := readScheme(at, root)
		scheme.Own = own
		s.add(name, scheme, list)
		slices.SortStableFunc((*problems)[before:], func(a, b yamlfile.Problem) int { return cmp.Compare(a.Line, b.Line) })
	}
	return nil
}

func (s *Set) add(name string, scheme Scheme, problems *[]yamlfile.Problem) {
	at := yamlfile.In(name, problems).Down("version", nil)
	if slices.ContainsFunc(s.all, func(other Scheme) bool { return other.Key == scheme.Key && other.Version == scheme.Version }) && scheme.Key != "" {
		at.Wrong("version %d of %s is in another file too. Give the newer one the next number.", scheme.Version, scheme.Key)
	}
	if scheme.Own && scheme.Version > 0 && scheme.Version < FirstOwnVersion {
		at.Wrong("version is %d. Your own versions begin at %d, so that they never meet those that come with the program.", scheme.Version, FirstOwnVersion)
	}
	s.all = append(s.all, scheme)
}
