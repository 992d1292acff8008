package migrations_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"testing"

	"virtualschool/migrations"
)

// TestNumbersRunWithoutGaps: a file with an older number that lands later would be passed over in
// silence.
func TestNumbersRunWithoutGaps(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	shape := regexp.MustCompile(`^(\d{6})_([a-z_]+)\.(up|down)\.sql$`)
	names := map[string]string{} // number → name
	steps := map[string]bool{}
	for _, file := range files {
		parts := shape.FindStringSubmatch(file)
		if parts == nil {
			t.Errorf("%s is not named 000001_what_it_does.up.sql or .down.sql", file)
			continue
		}
		if other, taken := names[parts[1]]; taken && other != parts[2] {
			t.Errorf("number %s is both %s and %s", parts[1], other, parts[2])
		}
		names[parts[1]] = parts[2]
		steps[parts[1]+parts[3]] = true
	}
	for n := 1; n <= len(names); n++ {
		number := fmt.Sprintf("%06d", n)
		if !steps[number+"up"] || !steps[number+"down"] {
			t.Errorf("%s lacks its step up or down", number)
		}
	}
}
