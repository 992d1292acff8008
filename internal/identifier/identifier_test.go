package identifier_test

import (
	"strings"
	"testing"

	"virtualschool/internal/identifier"
)

func TestCheckUPN(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		upn     identifier.UPN
		quality identifier.Quality
		words   string
	}{
		{"B801200005001", "B801200005001", identifier.Valid, "Valid UPN"},
		{"R674123101121", "R674123101121", identifier.Valid, "Valid UPN"},
		{"P207000016049", "P207000016049", identifier.Valid, "Valid UPN"},
		{"T332400012001", "T332400012001", identifier.Valid, "Valid UPN"},
		{"N332202325017", "N332202325017", identifier.Valid, "Valid UPN"},
		{"D330600025123", "D330600025123", identifier.Valid, "Valid UPN"},
		{"E33240012500A", "E33240012500A", identifier.Valid, "temporary"},
		{" b801 2000 05001\u00a0", "B801200005001", identifier.Valid, "Valid UPN"},
		{"\ufeffB801200005001", "B801200005001", identifier.Valid, "Valid UPN"},
		{"A801200005001", "A801200005001", identifier.WrongLetter, "should be B"},
		{"Q207000016049", "Q207000016049", identifier.WrongLetter, "should be P"},
		{"A33240012500A", "A33240012500A", identifier.WrongLetter, "should be E"},
		{"B801200005O01", "", identifier.WrongShape, "letter O"},
		{"I801200005001", "", identifier.WrongShape, "not I, O or S"},
		{"8801200005001", "", identifier.WrongShape, "starts with a letter"},
		{"B80120000500S", "", identifier.WrongShape, "last character"},
		{"B80120000500", "", identifier.WrongShape, "13 characters"},
		{"B8012000050011", "", identifier.WrongShape, "13 characters"},
		{"É80120000500", "", identifier.WrongShape, "13 characters"},
		{"8.012E+11", "", identifier.WrongShape, "spreadsheet"},
		{"", "", identifier.None, "No UPN"},
		{" \t", "", identifier.None, "No UPN"},
		{"UN1", "", identifier.UnknownCode, "no UPN yet"},
		{"un3 ", "", identifier.UnknownCode, "outside England"},
		{"UN7", "", identifier.UnknownCode, "no further action"},
		{"UN8", "", identifier.WrongShape, "13 characters"},
	} {
		upn, quality, words := identifier.CheckUPN(c.text)
		if upn != c.upn || quality != c.quality || !strings.Contains(words, c.words) {
			t.Errorf("CheckUPN(%q) = %q, %s, %q; want %q, %s, …%s…", c.text, upn, quality, words, c.upn, c.quality, c.words)
		}
		parsed, err := identifier.ParseUPN(c.text)
		if (err == nil) != (c.quality == identifier.Valid) || (err == nil && parsed != c.upn) {
			t.Errorf("ParseUPN(%q) = %q, %v", c.text, parsed, err)
		}
	}
}

func TestUPNParts(t *testing.T) {
	t.Parallel()
	upn := identifier.UPN("T332400012001")
	if upn.LA() != "332" || upn.Establishment() != "4000" || upn.Temporary() {
		t.Errorf("%s: council %s, school %s, temporary %v", upn, upn.LA(), upn.Establishment(), upn.Temporary())
	}
	if !identifier.UPN("E33240012500A").Temporary() {
		t.Error("a temporary UPN is not seen as one")
	}
	if none := identifier.UPN(""); none.LA() != "" || none.Establishment() != "" || none.Temporary() {
		t.Error("no UPN has parts")
	}
}

func TestQualityDecidesWhatMayMatch(t *testing.T) {
	t.Parallel()
	for quality, usable := range map[identifier.Quality]bool{
		identifier.Valid: true, identifier.WrongLetter: true,
		identifier.None: false, identifier.WrongShape: false, identifier.UnknownCode: false,
	} {
		if quality.Usable() != usable {
			t.Errorf("%s usable: %v", quality, quality.Usable())
		}
	}
}

func TestUnknownUPNReason(t *testing.T) {
	t.Parallel()
	if reason, ok := identifier.UnknownUPNReason(" un5"); !ok || !strings.Contains(reason, "disagree") {
		t.Errorf("UN5: %q, %v", reason, ok)
	}
	if reason, ok := identifier.UnknownUPNReason("UN9"); ok {
		t.Errorf("UN9 is explained: %q", reason)
	}
}

// reader turns each typed parser into one shape for the table.
func reader[T ~string](parse func(string) (T, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		value, err := parse(text)
		return string(value), err
	}
}

var readers = map[string]func(string) (string, error){
	"UPN":     reader(identifier.ParseUPN),
	"ULN":     reader(identifier.ParseULN),
	"URN":     reader(identifier.ParseURN),
	"Ofsted":  reader(identifier.ParseOfstedURN),
	"LAESTAB": reader(identifier.ParseLAESTAB),
	"UKPRN":   reader(identifier.ParseUKPRN),
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, text, want, wrong string }{
		{"ULN", "1000000019", "1000000019", ""},
		{"ULN", "1000000043", "1000000043", ""},
		{"ULN", "1234567899", "1234567899", ""},
		{"ULN", "9000000008", "9000000008", ""},
		{"ULN", "10000 00019", "1000000019", ""},
		{"ULN", "1234567890", "", "does not fit"},
		{"ULN", "9999999999", "", "not known"},
		{"ULN", "0123456789", "", "start with 0"},
		{"ULN", "123456789", "", "10 numbers"},
		{"ULN", "1.23E+09", "", "spreadsheet"},
		{"ULN", "", "", "Enter"},
		{"URN", "103766", "103766", ""},
		{"URN", " 103766 ", "103766", ""},
		{"URN", "SC012345", "", "Ofsted"},
		{"URN", "sc012345", "", "Ofsted"},
		{"URN", "1234567", "", "Ofsted"},
		{"URN", "XXXXXX", "", "not a school"},
		{"URN", "0", "", "6 numbers"},
		{"URN", "012345", "", "6 numbers"},
		{"URN", "1.0E+05", "", "spreadsheet"},
		{"URN", "", "", "Enter"},
		{"Ofsted", "SC012345", "SC012345", ""},
		{"Ofsted", "sc 012345", "SC012345", ""},
		{"Ofsted", "1234567", "1234567", ""},
		{"Ofsted", "XXXXXX", "", "no Ofsted number"},
		{"Ofsted", "SC12345", "", "6 numbers"},
		{"Ofsted", "103766", "", "6 numbers"},
		{"Ofsted", "", "", "Enter"},
		{"LAESTAB", "3321100", "3321100", ""},
		{"LAESTAB", "332/1100", "3321100", ""},
		{"LAESTAB", "332-1100", "3321100", ""},
		{"LAESTAB", "332 / 1100", "3321100", ""},
		{"LAESTAB", "332.1100", "", "3 numbers"},
		{"LAESTAB", "33/21100", "", "3 numbers"},
		{"LAESTAB", "332/110", "", "3 numbers"},
		{"LAESTAB", "0321100", "", "3 numbers"},
		{"LAESTAB", "3.32E+06", "", "spreadsheet"},
		{"LAESTAB", "", "", "Enter"},
		{"UKPRN", "10012345", "10012345", ""},
		{"UKPRN", "20012345", "", "starts with 1"},
		{"UKPRN", "1001234", "", "8 numbers"},
		{"UKPRN", "1.0E+07", "", "spreadsheet"},
		{"UKPRN", "", "", "Enter"},
	} {
		got, err := readers[c.kind](c.text)
		if c.wrong == "" && (err != nil || got != c.want) {
			t.Errorf("%s %q = %q, %v; want %q", c.kind, c.text, got, err, c.want)
		}
		if c.wrong != "" && (err == nil || got != "" || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s %q = %q, %v; want an error with %q", c.kind, c.text, got, err, c.wrong)
		}
	}
}

func TestLAESTABParts(t *testing.T) {
	t.Parallel()
	n := identifier.LAESTAB("3321100")
	if n.LA() != "332" || n.Establishment() != "1100" || n.Written() != "332/1100" {
		t.Errorf("%s: %s, %s, %s", n, n.LA(), n.Establishment(), n.Written())
	}
	if none := identifier.LAESTAB(""); none.Written() != "" || none.LA() != "" {
		t.Error("no number has parts")
	}
}
