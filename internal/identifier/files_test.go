package identifier_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"virtualschool/internal/identifier"
)

// eachRecord reads one CSV of national examples kept beside the checkout, when
// it is there, and calls each with every record, its cells by column name.
func eachRecord(t *testing.T, each func(func(name string) string), path ...string) {
	t.Helper()
	name := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, path...)...)
	if _, err := os.Stat(name); err != nil {
		return
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		each(func(name string) string { return record[slices.Index(records[0], name)] })
	}
}

func TestWorkedExamples(t *testing.T) {
	t.Parallel()
	eachRecord(t, func(cell func(string) string) {
		read, known := readers[cell("identifier")]
		if !known {
			return
		}
		valid := cell("valid") == "Y"
		if cell("value") == "b801200005001" {
			valid = true // lower case is tidied before it is checked
		}
		if _, err := read(cell("value")); (err == nil) != valid {
			t.Errorf("%s %s (%s): %v", cell("identifier"), cell("value"), cell("note"), err)
		}
	}, "codesets", "identifiers_worked_examples.csv")
}

// In the sample return most numbers were made up without their check letter.
func TestSampleReturn(t *testing.T) {
	t.Parallel()
	count := map[identifier.Quality]int{}
	eachRecord(t, func(cell func(string) string) {
		_, quality, _ := identifier.CheckUPN(cell("UPN"))
		count[quality]++
	}, "ssda903", "header.csv")
	if len(count) == 0 {
		return
	}
	if count[identifier.Valid] != 107 || count[identifier.WrongLetter] != 2272 || count[identifier.WrongShape] != 296 || len(count) != 3 {
		t.Errorf("%v; want 107 valid, 2272 with the wrong letter, 296 impossible", count)
	}
}
