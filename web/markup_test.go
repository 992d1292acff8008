package web_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// unescaped is whatever would put text on a page as markup, as an address that nobody looked at, or
// as a script or style that the policy of contents would have to allow.
var unescaped = regexp.MustCompile(`templ\.(Raw|SafeURL|SafeCSS|SafeScript|JSFuncCall|JSUnsafeFuncCall|ComponentScript)|\sstyle=|\son[a-z]+=|<style|<script(>| [^s])|javascript:`)

// TestEverythingOnAPageIsEscaped reads every template and every handler.
//
// ASVS 5.0: 1.1.2, 1.2.1
func TestEverythingOnAPageIsEscaped(t *testing.T) {
	t.Parallel()
	read := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if entry != nil && (entry.Name() == "node_modules" || entry.Name() == "testdata") {
				return fs.SkipDir
			}
			return err
		}
		handler := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go")
		if !handler && !strings.HasSuffix(path, ".templ") {
			return nil
		}
		read++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for number, line := range strings.Split(string(text), "\n") {
			if found := unescaped.FindString(line); found != "" && !strings.Contains(line, "</textarea><script>") { // the catalogue's example of what is escaped
				t.Errorf("%s:%d: %s", path, number+1, strings.TrimSpace(found))
			}
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Fatalf("%d files were read, %v", read, err)
	}
}
