// Package chart draws figures on the server: bars, stacked bars, dots with
// their ranges and lines as SVG, with a title and description for those who do not see them, and always
// the same figures as a table.
//
//	@chart.Figure(chart.FigureProps{ID: "attendance", Title: "Attendance by term", Chart: chart.Bars{
//		Of: "Term", Measure: "Attendance", Max: 100,
//		Target: &chart.Target{Value: 95, Text: "95% target"},
//		Items: []chart.Item{{Label: "Autumn 2025", Point: chart.Point{Value: 94.2, Text: "94.2%"}}},
//	}})
//
// The page decides what every figure is called: Text is what people read
// ("94.2%", "£1,240", "suppressed"), Value only how long the bar is. A figure
// that is not known or must not be shown is a Point with None set: it leaves a
// gap, never a nought.
//
// Nothing here carries a style attribute: the content security policy would
// refuse it. Colours are classes in web/assets/styles/_chart.scss, and never
// the only difference between two things.
package chart
