package impact

import (
	"fmt"
	"strconv"

	"virtualschool/internal/money"
	"virtualschool/internal/premium/worth"
	"virtualschool/web/chart"
	"virtualschool/web/ui"
)

// percent is a share from 0 to 1 in whole per cent.
func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + "%" }

const (
	notShown   = "Not shown"
	tooFew     = "Too few reviewed"
	noneJudged = "None reviewed"
)

// share is the share met in words, and its range; the range is empty where there is none to say.
func share(f worth.Figure) (words, between string) {
	met, low, high, known := f.Share()
	switch {
	case f.Hidden:
		return notShown, ""
	case !known:
		return noneJudged, ""
	case f.Unsaid:
		return tooFew, ""
	}
	return percent(met), percent(low) + " to " + percent(high)
}

// price is what a target met cost in words, in whole pounds, and its range.
func price(f worth.Figure) (words, between string) {
	cost, known := f.Price()
	switch {
	case f.Hidden:
		return notShown, ""
	case !known:
		return noneJudged, ""
	case f.Unsaid:
		return tooFew, ""
	case cost.Each == 0:
		return "None was met", "more than " + pounds(cost.Low)
	case cost.High == 0:
		return pounds(cost.Each), "more than " + pounds(cost.Low)
	}
	return pounds(cost.Each), pounds(cost.Low) + " to " + pounds(cost.High)
}

// pounds rounds an estimate: its pence would say more than is known.
func pounds(sum money.Pence) string {
	return "£" + ui.Thousands(int((sum+50)/100))
}

// coverage is of how many targets it is known how they went.
func coverage(f worth.Figure) string {
	return fmt.Sprintf("%s of %s", ui.Thousands(f.Reviewed()), ui.Thousands(f.Targets))
}

// lead answers the page's question in a sentence.
func (v impactView) lead() string {
	met, range1 := share(v.All)
	switch {
	case v.All.Targets == 0 || v.All.Hidden:
		return ""
	case range1 == "":
		return "Too few of the targets that money was given for have been reviewed to say."
	}
	words := fmt.Sprintf("%s of the targets that were reviewed were met (likely %s).", met, range1)
	if cost, between := price(v.All); v.All.Met() > 0 {
		words += fmt.Sprintf(" One target met cost %s (likely %s).", cost, between)
	}
	return words
}

func (v impactView) tiles() []ui.Stat {
	met, range1 := share(v.All)
	cost, range2 := price(v.All)
	return []ui.Stat{
		{Label: "Targets paid for", Value: ui.Thousands(v.All.Targets), Detail: "of " + ui.Plural(v.All.Children, "child", "children") + ", " + v.All.Cost.String()},
		{Label: "Reviewed since", Value: percent(float64(v.All.Reviewed()) / float64(v.All.Targets)), Detail: coverage(v.All) + "; of the others nothing is known"},
		{Label: "Met, of those reviewed", Value: met, Detail: likely(range1)},
		{Label: "A target met cost", Value: cost, Detail: likely(range2)},
	}
}

func likely(between string) string {
	if between == "" {
		return ""
	}
	return "Likely " + between
}

// shareFigure is the share met with its range, group by group.
func (v impactView) shareFigure() chart.FigureProps {
	drawing := chart.Ranges{Of: v.Group.Text, Measure: "Targets met", Max: 100}
	if met, _, _, known := v.All.Share(); known && !v.All.Unsaid {
		drawing.Target = &chart.Target{Value: 100 * met, Text: "All: " + percent(met)}
	}
	for _, f := range v.Figures {
		words, between := share(f)
		item := chart.RangeItem{Label: v.Group.words(f.Key), Point: chart.Point{Text: words, None: true}}
		if met, low, high, _ := f.Share(); between != "" {
			item.Label += fmt.Sprintf(", %d of %d", f.Met(), f.Judged())
			item.Point, item.Low, item.High, item.Range = chart.Point{Value: 100 * met, Text: words}, 100*low, 100*high, between
		}
		drawing.Items = append(drawing.Items, item)
	}
	return chart.FigureProps{ID: "met", Title: "Targets met, of those reviewed", Chart: drawing,
		Note: "The dot is the share that was met; the line is where the true share is likely to lie (95%). The fewer the targets, the longer the line."}
}

// priceFigure is what a target met cost with its range. Very long ranges run out of the drawing, so that
// the others can be told apart.
func (v impactView) priceFigure() chart.FigureProps {
	drawing := chart.Ranges{Of: v.Group.Text, Measure: "A target met cost"}
	most := 0.0
	for _, f := range v.Figures {
		words, between := price(f)
		item := chart.RangeItem{Label: v.Group.words(f.Key), Point: chart.Point{Text: words, None: true}, Range: between}
		cost, _ := f.Price()
		if between != "" && cost.High > 0 {
			item.Point, item.Low, item.High = chart.Point{Value: float64(cost.Each) / 100, Text: words}, float64(cost.Low)/100, float64(cost.High)/100
			most = max(most, item.Point.Value)
		} else if between != "" {
			item.Point.Text += ": " + between
		}
		drawing.Items = append(drawing.Items, item)
	}
	drawing.Max = 2 * most
	return chart.FigureProps{ID: "price", Title: "What one target met cost", Chart: drawing,
		Note: "What was given for the reviewed targets, divided by those that were met. A line without an end goes on further; its figures say how far."}
}

// outcomesFigure is how the targets went, group by group, those not reviewed among them.
func (v impactView) outcomesFigure() chart.FigureProps {
	drawing := chart.Stacked{Of: v.Group.Text, Share: true}
	for _, outcome := range worth.Outcomes {
		drawing.Parts = append(drawing.Parts, outcome.Name())
	}
	for _, f := range v.Figures {
		if f.Unsaid {
			continue
		}
		item := chart.StackedItem{Label: v.Group.words(f.Key)}
		for _, outcome := range worth.Outcomes {
			item.Points = append(item.Points, chart.Point{Value: float64(f.Outcomes[outcome]), Text: strconv.Itoa(f.Outcomes[outcome])})
		}
		drawing.Items = append(drawing.Items, item)
	}
	return chart.FigureProps{ID: "outcomes", Title: "How the targets went", Chart: drawing, Note: "Groups of which too few were reviewed are left out."}
}
