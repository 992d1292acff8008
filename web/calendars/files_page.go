package calendars

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type filesView struct {
	Form *kit.Form
	// What a file of term dates would bring; nil before one was given.
	Load *setting.TermLoad
	Text string // the file, carried from the preview to the form that applies it
}

func (p *Pages) files(w http.ResponseWriter, r *http.Request) error {
	return p.showFiles(w, r, filesView{Form: kit.NewForm(nil)})
}

// loadHolidays takes over the published list at once: it says of each day only what it is called.
func (p *Pages) loadHolidays(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	text, err := upload(r, "holidays")
	var loaded setting.Loaded
	if err == nil {
		loaded, err = p.Settings.LoadBankHolidays(r.Context(), kit.Actor(r), strings.NewReader(text))
	}
	if form.Refuses(err) {
		form.Rename("file", "holidays")
		return p.showFiles(w, r, filesView{Form: form})
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, home+"#bank-holidays", fmt.Sprintf("The bank holidays are loaded: %d new, %d changed, %d the same.", loaded.New, loaded.Changed, loaded.Same))
}

// previewTerms shows what a file of term dates would bring, and stores nothing.
func (p *Pages) previewTerms(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	source := form.Required("source", "Where these dates come from", 300)
	text, err := upload(r, "terms")
	if form.Refuses(err) || form.Err() != nil {
		form.Rename("file", "terms")
		return p.showFiles(w, r, filesView{Form: form})
	}
	if err != nil {
		return err
	}
	return p.preview(w, r, form, text, source)
}

func (p *Pages) preview(w http.ResponseWriter, r *http.Request, form *kit.Form, text, source string) error {
	// A look at a file is not the form's one act: another may be chosen and looked at from the same page.
	ctx := postgres.WithSubmission(r.Context(), nil)
	load, err := p.Settings.LoadTermDates(ctx, kit.Actor(r), p.termFile(text, source), false)
	if form.Refuses(err) {
		form.Rename("file", "terms")
		return p.showFiles(w, r, filesView{Form: form})
	}
	if err != nil {
		return err
	}
	form.Renew()
	form.Set("source", source)
	return p.showFiles(w, r, filesView{Form: form, Load: &load, Text: text})
}

func (p *Pages) applyTerms(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	source := form.Required("source", "Where these dates come from", 300)
	text := form.Value("text")
	err := form.Err()
	var load setting.TermLoad
	if err == nil {
		load, err = p.Settings.LoadTermDates(r.Context(), kit.Actor(r), p.termFile(text, source), true)
	}
	if form.Refuses(err) {
		form.Rename("file", "terms")
		return p.showFiles(w, r, filesView{Form: form})
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, home, fmt.Sprintf("The term dates are loaded: %d new, %d changed, %d the same, %d left out.", load.Loaded.New, load.Loaded.Changed, load.Loaded.Same, load.Loaded.Rejected))
}

func (p *Pages) termFile(text, source string) setting.TermFile {
	return setting.TermFile{Content: strings.NewReader(text), AuthorityCode: p.Kit.Site.AuthorityCode, Source: source}
}

func (p *Pages) showFiles(w http.ResponseWriter, r *http.Request, view filesView) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Load calendars from files", Trail: trail, Form: view.Form}, filesPage(view))
}

// upload reads the file of a field as text. Invalid, about the field: there is none, or it is no text.
func upload(r *http.Request, field string) (string, error) {
	_, content, err := kit.File(r, field)
	if err != nil {
		return "", err
	}
	if len(content) == 0 {
		return "", fault.Invalid(field, "The file is empty. Choose another.")
	}
	if !utf8.Valid(content) || strings.ContainsRune(string(content), 0) {
		return "", fault.Invalid(field, "The file is not plain text. Save it as CSV UTF-8 and choose it again.")
	}
	return string(content), nil
}

func (v filesView) words(line setting.TermLine) string {
	switch line.What {
	case "new":
		return "New"
	case "changed":
		return "Changed, was " + days(line.Before.Starts, line.Before.Ends)
	}
	return "The same"
}

func (v filesView) summary() string {
	l := v.Load.Loaded
	return fmt.Sprintf("%d new, %d changed, %d the same, %s left out", l.New, l.Changed, l.Same, ui.Plural(l.Rejected, "line", "lines"))
}

// changes says whether there is anything to apply.
func (v filesView) changes() bool { return v.Load.Loaded.New+v.Load.Loaded.Changed > 0 }
