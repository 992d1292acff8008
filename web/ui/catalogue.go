package ui

import (
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Example shows one component in the states it has. Name is the component's.
type Example struct {
	Name    string
	Content templ.Component
}

// Examples is every component with realistic data: what the catalogue shows
// and what the golden tests keep.
func Examples() []Example {
	examples := []Example{
		{"ActionBar", exampleActionBar()},
		{"Anchor", Anchor(Link{Text: "Change", Href: "/children/7/edit", Hidden: "date of birth"})},
		{"Badge", exampleBadge()},
		{"Beside", exampleBeside()},
		{"Box", exampleBox()},
		{"Breadcrumbs", Breadcrumbs(BreadcrumbsProps{Items: []Link{{Text: "Children", Href: "/children"}, {Text: "Personal education plans", Href: "/children/7/peps"}}})},
		{"Button", exampleButton()},
		{"Checkboxes", exampleCheckboxes()},
		{"Columns", exampleColumns()},
		{"DateInput", exampleDateInput()},
		{"Details", exampleDetails()},
		{"DraftStatus", DraftStatus()},
		{"DutyList", exampleDutyList()},
		{"EmptyState", EmptyState(EmptyStateProps{Title: "No PEPs yet", Text: "The first PEP is due within 10 working days of coming into care.", Link: &Link{Text: "Start the first PEP", Href: "/children/7/peps/new"}})},
		{"ErrorSummary", ErrorSummary([]FieldError{{"example-amount-wrong", "Amount must be in pounds and pence, like 250 or 250.50"}, {"example-held-wrong", "September has 30 days"}, {"", "Somebody else changed this request while you were writing"}})},
		{"Facts", Facts(FactsProps{Facts: exampleFacts})},
		{"Fieldset", exampleFieldset()},
		{"FileUpload", exampleFileUpload()},
		{"FilterPanel", exampleFilterPanel()},
		{"Form", exampleForm()},
		{"Heading", exampleHeading()},
		{"IdentityStrip", exampleIdentityStrip()},
		{"Input", exampleInput()},
		{"InsetText", exampleInsetText()},
		{"NotificationBanner", exampleNotificationBanner()},
		{"Pagination", examplePagination()},
		{"Panel", Panel(PanelProps{Title: "Request sent", Text: "The deputy head decides within 5 working days"})},
		{"PrintButton", PrintButton("Print this page")},
		{"CodeImage", CodeImage(Code{Size: 11, Path: "M4 4h3v1h-3zM4 5h1v1h-1zM6 5h1v1h-1zM4 6h3v1h-3z"}, "Code that opens a page")},
		{"Progress", Progress(ProgressProps{Done: 7, Total: 9, Text: "7 of 9 sections done", Name: "Autumn PEP"})},
		{"Prose", Prose("Two mornings a week with the reading mentor.\nReview after half term.")},
		{"Words", Words("Reads well. [[Her brother reads to her.]] Next: a library card.")},
		{"WordsOr", WordsOr("", "Not said")},
		{"Quote", Quote(QuoteProps{Text: "I like DT because you make real things. I want the same teacher for maths all year, not a new one every week.", By: "Kofi, with Ms Patel writing, Friday 2 October 2026"})},
		{"Radios", exampleRadios()},
		{"Results", Results(ResultsProps{Text: "312 children", Actions: []Link{{Text: "Export as spreadsheet", Href: "/children.xlsx"}}})},
		{"Section", exampleSection()},
		{"Select", exampleSelect()},
		{"Shortcuts", Shortcuts(ShortcutsProps{Keys: []Shortcut{{Key: "a", Does: "approve", Target: "outcome"}, {Key: "q", Does: "queue", Target: "queue"}}})},
		{"Source", Source(SourceProps{From: "From the 903 return", When: "3 November 2026"})},
		{"Split", exampleSplit()},
		{"StatTiles", exampleStatTiles()},
		{"SubNavigation", exampleSubNavigation()},
		{"SummaryList", exampleSummaryList()},
		{"Table", exampleTable()},
		{"Tag", exampleTag()},
		{"TaskList", exampleTaskList()},
		{"Text", Text("Year 9 <not markup> & so on")},
		{"TextOr", TextOr("", "Not recorded")},
		{"Textarea", exampleTextarea()},
		{"Time", Time(TimeProps{Machine: "2026-12-07", Text: "Monday 7 December"})},
		{"Timeline", exampleTimeline()},
		{"VisuallyHidden", VisuallyHidden("read out only")},
		{"WarningText", WarningText("Closing the record ends everybody's access to it today.")},
	}
	slices.SortFunc(examples, func(a, b Example) int { return strings.Compare(a.Name, b.Name) })
	return examples
}

var exampleFacts = []Fact{
	{Term: "Date of birth", Value: "14 May 2012 (14)"},
	{Term: "Year group", Value: "Year 10"},
	{Term: "School", Component: Anchor(Link{Text: "St Thomas à Becket Catholic Voluntary Academy and Sixth Form College", Href: "/settings/101"}), Source: &SourceProps{From: "School census", When: "autumn 2026"}},
	{Term: "Legal status", Value: "Full care order"},
	{Term: "Placement", Value: "Foster carer, out of authority"},
	{Term: "In care since", Value: "30 September 2021"},
	{Term: "Adviser", Value: "Ruth Adeyemi"},
	{Term: "Social worker"},
}
