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

var asvsShape = regexp.MustCompile(`^(\d{1,2}\.\d{1,2}\.\d{1,2})\s+(L[123])\s+(tested|written|elsewhere|open|none)\s+(\S.*)$`)

// asvsMark is how a test says which requirements it shows: the last line of its comment.
var asvsMark = regexp.MustCompile(`ASVS 5\.0: ((?:\d+\.\d+\.\d+(?:, )?)+)`)

// TestTheListOfTheStandardIsTrue holds testdata/asvs.txt against the tests of the whole project: what it says is
// tested some test's comment names, what is written down stands under its heading in testdata/security.md, what is
// neither says why, and no test names what is not in the list. Levels 1 and 2 are there whole.
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
	shown, written, levels := marks(t), decisions(t), map[string]int{}
	for number, line := range list {
		levels[line.level]++
		switch tests := shown[number]; {
		case line.state == "tested" && len(tests) == 0:
			t.Errorf("%s (%s) is said to be tested, and no test's comment names it", number, line.words)
		case line.state != "tested" && len(tests) > 0:
			t.Errorf("%s is named by %v, and the list says it is not tested", number, tests)
		case line.state == "written" && !strings.Contains(written, "\n## "+line.words+"\n"):
			t.Errorf("%s is said to be written down under %q, which is no heading of security.md", number, line.words)
		case line.state != "tested" && line.state != "written" && !strings.Contains(line.words, ": "):
			t.Errorf("%s is not tested, and the list does not say why", number)
		}
	}
	for number, tests := range shown {
		if _, listed := list[number]; !listed {
			t.Errorf("%v name %s, which is not in the list", tests, number)
		}
	}
	if levels["L1"] != 70 || levels["L2"] != 183 || levels["L3"] < 30 {
		t.Errorf("the standard has 70 requirements of level 1 and 183 of level 2, and 30 of level 3 are goals; the list has %v", levels)
	}
}

// decisions are what is written down about security.
func decisions(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/security.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
