package rights

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/fault"
	"virtualschool/internal/passage"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
	"virtualschool/internal/rights/record"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type chapterView struct {
	Strip   ui.IdentityStripProps
	Form    *kit.Form
	Path    string
	Chapter record.Chapter
	Request rights.Request
	Review  rights.Review
}

// chapter is one part of the record, with each text as it will be shared.
func (p *Pages) chapter(w http.ResponseWriter, r *http.Request) error {
	return p.showChapter(w, r, kit.NewForm(nil))
}

func (p *Pages) showChapter(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	of, err := refOf(r)
	if err != nil {
		return err
	}
	view := chapterView{Form: form, Path: requestPath(of), Chapter: record.Chapter(chi.URLParam(r, "chapter"))}
	if view.Strip, err = p.Kit.ViewChild(r, "part of a record, for a subject access request", &postgres.Batch{}); err != nil {
		return err
	}
	if !view.Chapter.Known() {
		return fault.NotFound()
	}
	if view.Request, view.Review, err = p.Rights.Review(r.Context(), kit.Actor(r), of, view.Chapter); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Part of a record", Back: view.Path, Form: form}, chapterPage(view))
}

func (p *Pages) markRead(w http.ResponseWriter, r *http.Request) error {
	of, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	err = p.Rights.MarkRead(r.Context(), kit.Actor(r), of, record.Chapter(chi.URLParam(r, "chapter")), form.Value("seen"))
	if errors.Is(err, fault.KindConflict) && fault.Words(err) != "" {
		form.Overtaken(0)
		form.Problems.Add("", fault.Words(err))
		return p.showChapter(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, requestPath(of), "It is kept that you read this part.")
}

// passages says whether there is anything to read in the chapter.
func (v chapterView) passages() int { return len(v.Review.Record.Passages(v.Chapter)) }

func (v chapterView) open() bool { return v.Request.State == rights.Open }

func (v chapterView) rows(entry record.Entry) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, value := range entry.Main() {
		row := ui.SummaryRow{Key: value.Label, Value: value.Text}
		if value.Passage != "" {
			row.Component = sharedText(v, value)
			if v.open() {
				row.Actions = []ui.Link{{Text: "Change", Hidden: "what is shared of this text", Href: v.Path + "/texts/" + value.Passage}}
			}
		}
		rows = append(rows, row)
	}
	if words := entry.SmallPrint(); words != "" {
		if len(rows) == 0 {
			rows = append(rows, ui.SummaryRow{Key: "Recorded", Value: "Yes"})
		}
		rows[len(rows)-1].Source = &ui.SourceProps{From: words}
	}
	return rows
}

// piece is a stretch of a text as it is read before it is shared: what is left out is struck through.
type piece struct {
	Text string
	Out  bool
}

func pieces(review rights.Review, value record.Value) []piece {
	decided, _ := review.Of(value)
	switch decided.Decision {
	case rights.Whole:
		return []piece{{passage.Plain(value.Text), true}}
	case rights.Marked:
		var list []piece
		for _, segment := range passage.Segments(decided.Words) {
			list = append(list, piece{segment.Text, segment.Marked})
		}
		return list
	}
	return []piece{{passage.Plain(value.Text), false}}
}

func decidedWords(review rights.Review, value record.Value) string {
	decided, byReader := review.Of(value)
	reason := ""
	for _, one := range reasonWords {
		if one.Value == decided.Reason {
			reason = one.Text
		}
	}
	switch {
	case decided.Decision == rights.Share && byReader:
		return decided.DecidedByName + " decided to share all of it"
	case decided.Decision == rights.Share:
		return ""
	case byReader:
		return "Left out by " + decided.DecidedByName + ": " + reason
	}
	return "Left out: marked by who wrote it"
}

var reasonWords = []rights.Choice{{Value: "third_party", Text: "about or from somebody else"}, {Value: "serious_harm", Text: "likely to do serious harm"}, {Value: "legal", Text: "kept back by law"}}

type passageView struct {
	Strip   ui.IdentityStripProps
	Form    *kit.Form
	Path    string
	Back    string
	Value   record.Value
	Chapter record.Chapter
}

// passage is one text, to decide what of it is shared.
func (p *Pages) passage(w http.ResponseWriter, r *http.Request) error {
	return p.showPassage(w, r, nil)
}

func (p *Pages) showPassage(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	of, err := refOf(r)
	if err != nil {
		return err
	}
	view := passageView{Form: form, Path: requestPath(of)}
	if view.Strip, err = p.Kit.ViewChild(r, "text of a record, for a subject access request", &postgres.Batch{}); err != nil {
		return err
	}
	_, review, err := p.Rights.Review(r.Context(), kit.Actor(r), of)
	if err != nil {
		return err
	}
	var found bool
	if view.Value, view.Chapter, found = review.Record.Passage(chi.URLParam(r, "passage")); !found {
		return fault.NotFound()
	}
	view.Back = view.Path + "/parts/" + string(view.Chapter)
	if form == nil {
		decided, _ := review.Of(view.Value)
		view.Form = kit.NewForm(map[string]string{"decision": string(decided.Decision), "words": decided.Words, "reason": decided.Reason, "why": decided.Why})
	}
	return p.Kit.Show(w, r, kit.Page{Title: "What is shared of a text", Back: view.Back, Form: view.Form}, passagePage(view))
}

func (p *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	of, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	deciding := rights.Deciding{
		Decision: rights.Decision(form.Choice("decision", "What is shared", "share", "marked", "whole")),
		Words:    form.Text("words", "The text", 100_000),
		Reason:   form.OptionalChoice("reason", "Why", valuesOf(rights.Reasons)...),
		Why:      form.Text("why", "More about why", 2000),
	}
	passage := chi.URLParam(r, "passage")
	if err = form.Err(); err == nil {
		err = p.Rights.Decide(r.Context(), kit.Actor(r), of, passage, deciding)
	}
	if form.Refuses(err) {
		return p.showPassage(w, r, form)
	}
	if err != nil {
		return err
	}
	next := requestPath(of)
	if chapter := record.Chapter(form.Value("part")); chapter.Known() {
		next += "/parts/" + string(chapter)
	}
	return p.Kit.Done(w, r, next, "It is kept what is shared of this text.")
}
