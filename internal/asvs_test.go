package internal

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asvsLine is a requirement of OWASP's Application Security Verification Standard 5.0, in our own few words.
type asvsLine struct{ number, level, state, words string }

var asvsShape = regexp.MustCompile(`^(\d{1,2}\.\d{1,2}\.\d{1,2})\s+(L[123])\s+(tested|elsewhere|none)\s+(\S.*)$`)

// asvsMark is how a test says which requirements it shows: the last line of its comment.
var asvsMark = regexp.MustCompile(`ASVS 5\.0: ((?:\d+\.\d+\.\d+(?:, )?)+)`)

// TestTheListOfTheStandardIsTrue holds testdata/asvs.txt against the tests of the whole project: what it says is
// tested some test's comment names, what is not says why, and no test names what is not in the list.
func TestTheListOfTheStandardIsTrue(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/asvs.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	list := map[string]asvsLine{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		parts := asvsShape.FindStringSubmatch(text)
		if parts == nil {
			t.Errorf("not a line of the list: %s", text)
			continue
		}
		if _, twice := list[parts[1]]; twice {
			t.Errorf("%s is in the list twice", parts[1])
		}
		list[parts[1]] = asvsLine{parts[1], parts[2], parts[3], parts[4]}
	}
	shown := marks(t)
	for number, line := range list {
		switch tests := shown[number]; {
		case line.state == "tested" && len(tests) == 0:
			t.Errorf("%s (%s) is said to be tested, and no test's comment names it", number, line.words)
		case line.state != "tested" && len(tests) > 0:
			t.Errorf("%s is named by %v, and the list says it is not tested", number, tests)
		case line.state != "tested" && !strings.Contains(line.words, ": "):
			t.Errorf("%s is not tested, and the list does not say why", number)
		}
	}
	for number, tests := range shown {
		if _, listed := list[number]; !listed {
			t.Errorf("%v name %s, which is not in the list", tests, number)
		}
	}
	if len(list) < 60 {
		t.Errorf("only %d lines", len(list))
	}
}

// marks are the tests that name each requirement.
func marks(t *testing.T) map[string][]string {
	t.Helper()
	shown := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{"node_modules", ".git", ".data", "dist", "testdata"}, entry.Name()):
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, declared := range parsed.Decls {
			test, is := declared.(*ast.FuncDecl)
			if !is || test.Doc == nil || test.Recv != nil || !strings.HasPrefix(test.Name.Name, "Test") && !strings.HasPrefix(test.Name.Name, "Fuzz") {
				continue
			}
			found := asvsMark.FindStringSubmatch(strings.Join(strings.Fields(test.Doc.Text()), " "))
			if found == nil {
				continue
			}
			for number := range strings.SplitSeq(found[1], ", ") {
				shown[number] = append(shown[number], test.Name.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return shown
}
