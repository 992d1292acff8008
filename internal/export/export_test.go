package export_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/money"
)

var update = flag.Bool("update", false, "write the golden file anew")

// tricky has everything that a spreadsheet might take for something else.
func tricky() export.Table {
	table := export.Table{Name: "Sums: by [school] / 2026-27, as paid", Heads: []string{"School", "Children", "Paid", "Last paid", "Number"}}
	on := calendar.MustParse("2026-04-01")
	table.Add(export.Text(`=HYPERLINK("http://example.test","Ash")`), export.Number(12), export.Money(123456789), export.Day(on), export.Text("0012"))
	table.Add(export.Text("+44 1384 555555"), export.Number(0), export.Money(0), export.Day(calendar.Date{}), export.Text(""))
	table.Add(export.Text("-1+1"), export.Number(-3), export.Money(-1), export.Day(calendar.MustParse("2024-02-29")), export.Text("@SUM(A1)"))
	table.Add(export.Text("St Thomas à Becket, \"Hall\"\nsecond line"), export.Number(1234567), export.Money(9_999_999_99), export.Day(on), export.Text("＝1+1"))
	table.Add(export.Text("\tTab"), export.Number(1), export.Money(10), export.Cell{}, export.Text("plain \x01 and <b>"))
	return table
}

func TestCSVLooksAsItDid(t *testing.T) {
	t.Parallel()
	got, err := tricky().Bytes(export.CSV)
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/tricky.csv"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test ./internal/export -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the file has changed (-was +is):\n%s", diff)
	}
}

// open reads an Excel file back as the program would show it, and as it is stored.
func open(t *testing.T, table export.Table) (book *excelize.File, shown [][]string, stored [][]string) {
	t.Helper()
	file, err := table.Bytes(export.Excel)
	if err != nil {
		t.Fatal(err)
	}
	book, err = excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	sheet := book.GetSheetName(0)
	if shown, err = book.GetRows(sheet); err != nil {
		t.Fatal(err)
	}
	if stored, err = book.GetRows(sheet, excelize.Options{RawCellValue: true}); err != nil {
		t.Fatal(err)
	}
	return book, shown, stored
}

func TestExcelReadsBack(t *testing.T) {
	t.Parallel()
	book, shown, stored := open(t, tricky())
	if name := book.GetSheetName(0); name != "Sums  by  school    2026-27, as" {
		t.Errorf("the sheet is called %q", name)
	}
	want := [][]string{
		{"School", "Children", "Paid", "Last paid", "Number"},
		{`'=HYPERLINK("http://example.test","Ash")`, "12", "1,234,567.89", "01/04/2026", "0012"},
		{"'+44 1384 555555", "0", "0.00"},
		{"'-1+1", "-3", "-0.01", "29/02/2024", "'@SUM(A1)"},
		{"St Thomas à Becket, \"Hall\"\nsecond line", "1,234,567", "9,999,999.99", "01/04/2026", "'＝1+1"},
		{"'\tTab", "1", "0.10", "", "plain \ufffd and <b>"},
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("as shown (-want +got):\n%s", diff)
	}
	if got := stored[1][2]; got != "1234567.89" {
		t.Errorf("money is stored as %s", got)
	}
	for _, row := range []string{"A2", "A3", "A4", "E4", "E5", "A6"} {
		if formula, err := book.GetCellFormula(book.GetSheetName(0), row); err != nil || formula != "" {
			t.Errorf("%s holds the formula %q (%v)", row, formula, err)
		}
	}
	if kind, _ := book.GetCellType(book.GetSheetName(0), "E2"); kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
		t.Errorf("0012 is stored as type %d and would lose its noughts", kind)
	}
}

// Every penny comes back from the number that a spreadsheet keeps.
func TestMoneyKeepsItsPence(t *testing.T) {
	t.Parallel()
	table := export.Table{Name: "Money", Heads: []string{"Sum"}}
	var want []string
	for _, sum := range []money.Pence{1, 7, 10, 29, 57, 58, 101, 1999, 113_05, 4_503_599_627_370_49, 31429} {
		table.Add(export.Money(sum))
		want = append(want, strings.TrimSuffix(strings.TrimSuffix(sum.Plain(), "0"), "0"))
	}
	_, _, stored := open(t, table)
	for n, text := range want {
		if got := stored[n+1][0]; strings.TrimSuffix(got, ".") != strings.TrimSuffix(text, ".") {
			t.Errorf("%s is stored as %s", text, got)
		}
	}
}

func TestNamesOfSheets(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "'''", strings.Repeat("é", 40), "a/b"} {
		book, _, _ := open(t, export.Table{Name: name, Heads: []string{"A"}})
		if got := []rune(book.GetSheetName(0)); len(got) == 0 || len(got) > 31 {
			t.Errorf("%q became %q", name, string(got))
		}
	}
}

func TestAFormatThatIsNotThere(t *testing.T) {
	t.Parallel()
	if _, err := tricky().Bytes("pdf"); err == nil {
		t.Error("no error")
	}
}
