package chart

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// percent is points in per cent; a negative one is not known.
func percent(values ...float64) []Point {
	var points []Point
	for _, v := range values {
		if v < 0 {
			points = append(points, Point{None: true, Text: "no marks"})
			continue
		}
		points = append(points, Point{Value: v, Text: fmt.Sprintf("%.1f%%", v)})
	}
	return points
}

func counts(values ...int) []Point {
	var points []Point
	for _, v := range values {
		points = append(points, Point{Value: float64(v), Text: fmt.Sprint(v)})
	}
	return points
}

func figures() map[string]FigureProps {
	halfTerms := []string{"Autumn 1", "Autumn 2", "Spring 1", "Spring 2"}
	return map[string]FigureProps{
		"Bars": {ID: "schools", Title: "Attendance by school", Note: "Daily marks to 16 October 2026.", Chart: Bars{
			Of: "School", Measure: "Attendance", Max: 100, Target: &Target{95, "95% target"},
			Items: []Item{
				{"Hollybush Primary School", percent(94.2)[0]},
				{"St Thomas à Becket Catholic Voluntary Academy and Sixth Form College", percent(98)[0]},
				{"Westmoor <Alternative> Provision", Point{None: true, Text: "suppressed: fewer than 5 children"}},
			},
		}},
		"Stacked": {ID: "peps", Title: "PEPs by state", Chart: Stacked{
			Of: "Term", Parts: []string{"On time", "Late", "Missing"},
			Items: []StackedItem{{"Autumn 2025", counts(210, 41, 12)}, {"Spring 2026", counts(240, 30, 0)}},
		}},
		"StackedShare": {ID: "shares", Title: "PEPs by state, shares", Chart: Stacked{
			Of: "Term", Parts: []string{"On time", "Late"}, Share: true,
			Items: []StackedItem{{"Autumn 2025", counts(10, 10)}, {"Spring 2026", counts(100, 100)}, {"Summer 2026", counts(0, 0)}},
		}},
		"Lines": {ID: "half-terms", Title: "Attendance by half term", Description: "Up two points since autumn.", Chart: Lines{
			Of: "Half term", Labels: halfTerms, Min: 80, Max: 100, Unit: "%",
			Series: []Series{{"Children in care", percent(91, 93, -1, 95)}, {"All children", percent(94, 94.5, 94.1, 93.9)}},
		}},
		"Ranges": {ID: "worth", Title: "Targets met by what the money was for", Chart: Ranges{
			Of: "For", Measure: "Targets met", Max: 100, Target: &Target{62, "All: 62%"},
			Items: []RangeItem{
				{"One-to-one tuition, 40 of 50", percent(80)[0], 67, 88.8, "67% to 89%"},
				{"Small-group teaching in and out of the classroom, 6 of 10", percent(60)[0], 31.3, 83.2, "31% to 83%"},
				{"Trips & music", Point{None: true, Text: "Not shown"}, 0, 0, ""},
			},
		}},
		"RangesBeyond": {ID: "price", Title: "What a target met cost", Chart: Ranges{Of: "For", Measure: "A target met cost", Max: 500,
			Items: []RangeItem{{"Mentoring", Point{Value: 400, Text: "£400.00"}, 210, 1900, "£210.00 to £1,900.00"}}}},
		"Control": {ID: "course", Title: "Attendance week by week", Note: "The first 6 weeks make the limits.", Chart: Control{Of: "Week of", Measure: "Attendance", Unit: "%", Max: 100,
			Labels: []string{"7 Sep", "14 Sep", "21 Sep", "28 Sep", "5 Oct", "12 Oct", "19 Oct"}, Points: percent(100, 90, -1, 100, 90, 100, 40), Signals: map[int]bool{6: true}, Mean: 96, Lower: 80.4}},
		"ControlYoung": {ID: "young", Title: "Attendance week by week", Chart: Control{Of: "Week of", Measure: "Attendance", Unit: "%", Max: 100, Labels: []string{"7 Sep"}, Points: percent(100)}},
		"LinesOne":     {ID: "one", Title: "Attendance", Chart: Lines{Of: "Half term", Labels: halfTerms, Series: []Series{{"Attendance", percent(-1, 93, 92, 95)}}}},
	}
}

func TestFiguresLookAsTheyDid(t *testing.T) {
	t.Parallel()
	for name, figure := range figures() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, Figure(figure))
		})
	}
	golden(t, "Spark", Spark(SparkProps{ID: "spark", Title: "From 91% to 96% in six half terms", Min: 80, Max: 100, Points: percent(91, 93, -1, 95, 94, 96)}))
	golden(t, "SparkUnknown", Spark(SparkProps{ID: "spark", Title: "No marks yet", Points: percent(-1, -1)}))
}

// Each figure says the same thing three times: drawn, described and as a table.
func TestEveryFigureHasWordsAndATable(t *testing.T) {
	t.Parallel()
	for name, figure := range figures() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, err := goquery.NewDocumentFromReader(strings.NewReader(render(t, Figure(figure))))
			if err != nil {
				t.Fatal(err)
			}
			if title := page.Find("svg[role=img] > title").Text(); title != figure.Title {
				t.Errorf("title %q", title)
			}
			if page.Find("svg[role=img] > desc").Text() == "" {
				t.Error("no description")
			}
			table := page.Find("table").Text()
			for _, row := range figure.Chart.rows() {
				for _, cell := range row {
					if !strings.Contains(table, cell) {
						t.Errorf("the table lacks %q", cell)
					}
				}
			}
			if page.Find("[style]").Length() > 0 {
				t.Error("an inline style, which the content security policy refuses")
			}
		})
	}
}

func TestWhatIsNotKnownIsNotDrawnAsNought(t *testing.T) {
	t.Parallel()
	if n := (Bars{Max: 100}).length(Point{None: true, Value: 50}); n != 0 {
		t.Errorf("a bar of %v", n)
	}
	x := func(i int) float64 { return float64(i) }
	y := func(v float64) float64 { return v }
	got := runs(percent(1, 2, -1, 4, -1, 6, 7), x, y)
	if diff := cmp.Diff([]string{"0,1 1,2", "5,6 6,7"}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestBarsStayInTheDrawing(t *testing.T) {
	t.Parallel()
	b := Bars{Max: 100}
	for value, want := range map[float64]float64{-5: 0, 0: 0, 50: barSpan / 2, 100: barSpan, 250: barSpan} {
		if got := b.length(Point{Value: value}); got != want {
			t.Errorf("length of %v is %v, want %v", value, got, want)
		}
	}
	if got := scale(1, 0, 0, 10); got != 0 {
		t.Errorf("an empty scale gives %v", got)
	}
}

func TestRangesStayInTheDrawing(t *testing.T) {
	t.Parallel()
	c := Ranges{Items: []RangeItem{{Point: Point{Value: 4}, Low: 2, High: 9}, {Point: Point{None: true}, High: 900}}}
	if c.max() != 10 {
		t.Errorf("the right end is %v", c.max())
	}
	for value, want := range map[float64]float64{-1: 8, 0: 8, 5: barSpan / 2, 10: barSpan - 8, 99: barSpan - 8} {
		if got := c.x(value); got != want {
			t.Errorf("%v lies at %v, want %v", value, got, want)
		}
	}
	if !c.ends(c.Items[0]) || (Ranges{Max: 5}).ends(c.Items[0]) {
		t.Error("a range ends where it does not")
	}
}

func TestCeiling(t *testing.T) {
	t.Parallel()
	for largest, want := range map[float64]float64{0: 1, 0.3: 0.5, 1: 1, 1.1: 2, 4: 5, 7: 10, 99: 100, 101: 200, 1204: 2000} {
		if got := ceiling(largest); math.Abs(got-want) > 1e-9 {
			t.Errorf("ceiling(%v) = %v, want %v", largest, got, want)
		}
	}
}

func TestStackedPartsFillTheBar(t *testing.T) {
	t.Parallel()
	item := StackedItem{"Autumn", counts(1, 0, 3)}
	parts := Stacked{Share: true, Items: []StackedItem{item}}.segments(item)
	sum := 0.0
	for _, p := range parts {
		sum += p.length
	}
	if len(parts) != 2 || math.Abs(sum-(width-2)) > 1e-9 {
		t.Errorf("%d parts, %v long", len(parts), sum)
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{"Zoë": "Zoë", "Wiśniewska": "Wiśniewska", "Wiśniewska-Okonkwo": "Wiśniewsk…"} {
		if got := short(label, 10); got != want {
			t.Errorf("short(%q) = %q, want %q", label, got, want)
		}
	}
}

func golden(t *testing.T, name string, c templ.Component) {
	t.Helper()
	got := strings.ReplaceAll(render(t, c), "><", ">\n<") + "\n"
	file := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test ./web/chart -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed (-was +is):\n%s", file, diff)
	}
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
