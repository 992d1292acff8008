// Package ui is how Virtual School looks: the layout of every page and the
// components on it, on top of GOV.UK Frontend and MOJ Frontend.
//
// It knows no feature and asks no database. A component is a templ function
// with one props struct; what it shows is decided before, in Go, by the page.
// Ids are names: a field called "amount" has the id "amount", its hint
// "amount-hint", its message "amount-error", and an ErrorSummary entry for
// Field "amount" leads to it (of a DateInput to its day, of Radios and
// Checkboxes to the first choice).
//
// Catalogue shows every component with realistic data.
//
// The page
//
//	@ui.Layout(ui.PageProps{Title: "Children", Authority: "Westmoor Council", …}) { … }
//	@ui.Heading(ui.HeadingProps{Title: "Children", Lead: "312 in care today", Actions: …})
//	@ui.Section(ui.SectionProps{Title: "Attendance", Actions: []ui.Link{…}}) { … }
//	@ui.Columns(ui.ColumnsProps{Aside: next(), AsideLabel: "What is next"}) { … }
//	@ui.Split(ui.SplitProps{Filter: filter(v)}) { … }
//	@ui.SubNavigation(ui.SubNavigationProps{Label: "About this child", Items: …})
//	@ui.Breadcrumbs(…)                      usually through PageProps.Breadcrumbs
//
// Forms
//
//	@ui.ErrorSummary(errors)                []ui.FieldError{{Field: "amount", Text: "…"}}
//	@ui.Form(ui.FormProps{Action: "…", Key: v.Key, Version: v.Version, Guard: true}) { … }
//	@ui.Input(ui.InputProps{Name: "amount", Label: "Amount", Prefix: "£", Width: 10,
//		InputMode: "decimal", Value: v.Amount, Error: ui.ErrorFor(v.Errors, "amount")})
//	@ui.Textarea(ui.TextareaProps{Name: "purpose", Label: "…", Rows: 5, MaxLength: 2000})
//	@ui.Select(ui.SelectProps{Name: "school", Label: "School", Empty: "Choose a school", Items: …})
//	@ui.Radios(ui.RadiosProps{Name: "decision", Legend: "…", Items: []ui.Choice{…}})
//	@ui.Checkboxes(ui.CheckboxesProps{Name: "attended", Legend: "…", Values: …, Items: …})
//	@ui.DateInput(ui.DateInputProps{Name: "held", Legend: "…", Day: …, Month: …, Year: …})
//	@ui.FileUpload(ui.FileUploadProps{Name: "file", Label: "…", Accept: ".csv"})
//	@ui.Fieldset(ui.FieldsetProps{Legend: "…"}) { … }
//	@ui.Button(ui.ButtonProps{Text: "Save"})  Kind: Secondary, Warning, TextButton; Href for a link
//	@ui.ActionBar() { … }                   the buttons that end a page
//
// Facts
//
//	@ui.IdentityStrip(ui.IdentityStripProps{Name: …, Href: …, Badges: …, Facts: …})
//	@ui.Facts(ui.FactsProps{Facts: …})      short facts in columns
//	@ui.SummaryList(ui.SummaryListProps{Rows: []ui.SummaryRow{{Key: …, Value: …, Actions: …}}})
//	@ui.StatTiles(ui.StatTilesProps{Items: []ui.Stat{…}})
//	@ui.Timeline(ui.TimelineProps{Items: …})
//	@ui.Tag(ui.TagProps{Text: "Overdue", Kind: ui.Red})    how a thing stands
//	@ui.Badge(ui.BadgeProps{Text: "Restricted", Kind: ui.Red})  what a person or place is
//	@ui.Quote(ui.QuoteProps{Text: …, By: …})  the child's own words
//	@ui.Source(ui.SourceProps{From: …, When: …})  where a fact comes from
//
// Lists and work
//
//	@ui.DutyList(ui.DutyListProps{Label: "What needs you", Items: …, Empty: "…"})
//	@ui.Table(ui.TableProps{Caption: …, Columns: …, Rows: …, Stack: true})
//	@ui.FilterPanel(ui.FilterPanelProps{Action: "/children", Selected: …, ClearHref: …}) { fields }
//	@ui.Results(ui.ResultsProps{Text: "312 children", Actions: …})
//	@ui.Pagination(ui.PaginationProps{Previous: …, Next: …, Summary: …})
//	@ui.TaskList(ui.TaskListProps{Items: …})
//	@ui.Progress(ui.ProgressProps{Done: 7, Total: 9, Text: "7 of 9 sections done"})
//	@ui.EmptyState(ui.EmptyStateProps{Title: …, Text: …, Link: …})
//
// Messages
//
//	@ui.NotificationBanner(…)               usually through PageProps.Flash
//	@ui.WarningText("…")
//	@ui.InsetText() { … }                   @ui.Box() { … }
//	@ui.Panel(ui.PanelProps{Title: "Request sent"})
//	@ui.Details(ui.DetailsProps{Summary: "…"}) { … }
//
// Small pieces, for cells and values
//
//	ui.Text(s) · ui.TextOr(s, "Not recorded") · ui.Anchor(ui.Link{…}) · ui.Prose(s) · ui.Words(s) · ui.WordsOr(s, "Not said")
//	ui.Time(ui.TimeProps{…}) · ui.VisuallyHidden(s)
//	ui.Plural(2, "child", "children") · ui.Thousands(12345)
//
// Whitespace in templ: a blank at the edge of an element is lost. Write { " " }.
package ui
