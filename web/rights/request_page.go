package rights

import (
	"errors"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
	"virtualschool/internal/rights/record"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type logView struct {
	Strip  ui.IdentityStripProps
	Form   *kit.Form
	Action string
}

func (p *Pages) log(w http.ResponseWriter, r *http.Request) error {
	form := kit.NewForm(nil)
	form.SetDate("received", p.Kit.Today())
	return p.showLog(w, r, form)
}

func (p *Pages) showLog(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := logView{Form: form, Action: ofChildPath(kit.ChildID(r)) + "/new"}
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "subject access requests", &postgres.Batch{}); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Write down a request", Back: ofChildPath(kit.ChildID(r)), Form: form}, logPage(view))
}

func (p *Pages) saveLog(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	asking := rights.Asking{
		AskedBy:  form.Choice("asked_by", "Who asks", valuesOf(rights.Askers)...),
		Name:     form.Required("asked_name", "Their name", 200),
		CameHow:  form.Choice("came_how", "How it came", valuesOf(rights.Ways)...),
		Received: form.Date("received", "The day it came"),
	}
	id, err := int64(0), form.Err()
	if err == nil {
		id, err = p.Rights.Log(r.Context(), kit.Actor(r), kit.ChildID(r), asking)
	}
	if form.Refuses(err) {
		return p.showLog(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, requestPath(rights.Ref{ChildID: kit.ChildID(r), ID: id}), "The request is written down. Next: say how you checked who asks, and read the record.")
}

type requestView struct {
	Strip   ui.IdentityStripProps
	Actor   access.Actor
	Form    *kit.Form
	Path    string
	Today   calendar.Date
	Request rights.Request
	Review  rights.Review
	Files   []rights.File
	PDF     bool // PDF files are made here
}

// show is a request with all that is done about it.
func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	return p.showRequest(w, r, kit.NewForm(nil))
}

func (p *Pages) showRequest(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	of, err := refOf(r)
	if err != nil {
		return err
	}
	view := requestView{Actor: kit.Actor(r), Form: form, Path: requestPath(of), Today: p.Kit.Today(), PDF: p.Kit.PDF.Available()}
	var batch postgres.Batch
	rights.QueueFiles(&batch, &view.Files, of.ChildID, of.ID)
	if view.Strip, err = p.Kit.ViewChild(r, "subject access request", &batch); err != nil {
		return err
	}
	if view.Request, view.Review, err = p.Rights.Review(r.Context(), view.Actor, of); err != nil {
		return err
	}
	if form.Version() == 0 {
		form.SetVersion(view.Request.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Request to see a record", Back: ofChildPath(of.ChildID), Form: form, Wide: true}, requestPage(view))
}

// step sends one of the request's forms to the service, and shows the request again with what was wrong.
func (p *Pages) step(w http.ResponseWriter, r *http.Request, done string, act func(form *kit.Form, actor access.Actor, of rights.Ref) error) error {
	of, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	err = act(form, kit.Actor(r), of)
	switch {
	case form.Refuses(err):
		return p.showRequest(w, r, form)
	case errors.Is(err, fault.KindConflict) && fault.Words(err) != "":
		form.Overtaken(0)
		form.Problems.Add("", fault.Words(err))
		return p.showRequest(w, r, form)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, requestPath(of), done)
}

func (p *Pages) identify(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "It is kept who asks, and that they may.", func(form *kit.Form, actor access.Actor, of rights.Ref) error {
		how, on, why := form.Required("identity_how", "How you checked who asks", 1000), form.Date("identity", "The day"), form.Text("entitled", "Why they may have it", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Rights.Identify(r.Context(), actor, of, form.Version(), how, on, why)
	})
}

func (p *Pages) extend(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "Two months more are kept. Tell who asked today, and why.", func(form *kit.Form, actor access.Actor, of rights.Ref) error {
		why := form.Required("extension_reason", "Why it takes longer", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Rights.Extend(r.Context(), actor, of, form.Version(), why)
	})
}

func (p *Pages) close(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "The request is closed.", func(form *kit.Form, actor access.Actor, of rights.Ref) error {
		words := form.Required("closed_words", "Why it is closed", 4000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Rights.Close(r.Context(), actor, of, form.Version(), words)
	})
}

func (p *Pages) prepare(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "The copy is made. Somebody else looks at it and releases it.", func(form *kit.Form, actor access.Actor, of rights.Ref) error {
		return p.Rights.Prepare(r.Context(), actor, of, form.Version())
	})
}

func (p *Pages) sendBack(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "The copy is thrown away, to be made again.", func(form *kit.Form, actor access.Actor, of rights.Ref) error {
		words := form.Required("returned_words", "What is to be looked at again", 4000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Rights.SendBack(r.Context(), actor, of, form.Version(), words)
	})
}

func (p *Pages) release(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "The copy is released. Hand it over yourself, and write down how.", func(form *kit.Form, actor access.Actor, of rights.Ref) error {
		if !form.Checked("looked", "yes") {
			return fault.Invalid("looked", "Look at the copy before you release it, and say that you have")
		}
		return p.Rights.Release(r.Context(), actor, of, form.Version())
	})
}

func (p *Pages) handOver(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "It is kept how the copy was handed over.", func(form *kit.Form, actor access.Actor, of rights.Ref) error {
		on, how := form.Date("handed", "The day"), form.Required("handed_how", "How it was handed over", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Rights.HandOver(r.Context(), actor, of, form.Version(), on, how)
	})
}

// file is one file of a copy, to be handed over by a person.
func (p *Pages) file(w http.ResponseWriter, r *http.Request) error {
	of, err := refOf(r)
	if err != nil {
		return err
	}
	number, err := kit.PathID(r, "fileNumber")
	if err != nil || number > 100_000 {
		return fault.NotFound()
	}
	if _, err := p.Kit.ViewChild(r, "copy of a record", &postgres.Batch{}); err != nil {
		return err
	}
	file, err := p.Rights.Fetch(r.Context(), kit.Actor(r), of, int(number))
	if err != nil {
		return err
	}
	return p.Kit.Send(w, r, file.MediaType, file.Name, file.Content)
}

func (v requestView) due() calendar.Date { return v.Request.Clock().Due() }

// mayRelease says whether the reader is the second of the two people.
func (v requestView) mayRelease() bool {
	return access.Check(v.Actor, access.ReleaseSubjectAccess, access.Facts{PreparedBy: v.Request.PreparedBy}) == nil
}

func (v requestView) mayExtend() bool {
	return v.Request.State.UnderWay() && v.Request.ExtendedOn.IsZero() && !v.Today.After(v.Request.Clock().FirstDue())
}

// expired says whether the released copy is no longer given out.
func (v requestView) expired() bool {
	return !v.Request.ExpiresOn.IsZero() && !v.Request.ExpiresOn.After(v.Today)
}

func (v requestView) facts() []ui.SummaryRow {
	request, clock := v.Request, v.Request.Clock()
	rows := []ui.SummaryRow{
		{Key: "Asked by", Value: request.AskedName + ": " + lower(rights.ChoiceText(rights.Askers, request.AskedBy))},
		{Key: "Received", Value: request.ReceivedOn.WordsWithDay() + ", " + lower(rights.ChoiceText(rights.Ways, request.CameHow)), Source: &ui.SourceProps{From: "Written down by " + request.LoggedByName}},
	}
	due := ui.SummaryRow{Key: "To be answered by", Value: clock.Due().WordsWithDay(), Source: &ui.SourceProps{From: clock.Rule()}}
	if request.State.UnderWay() {
		due.Value += ", " + clock.Due().Relative(v.Today)
	}
	rows = append(rows, due)
	if request.ExtensionReason != "" {
		rows = append(rows, ui.SummaryRow{Key: "Why it takes longer", Value: request.ExtensionReason})
	}
	if request.Identified() {
		rows = append(rows, ui.SummaryRow{Key: "Who asks was checked", Value: request.IdentityHow, Source: &ui.SourceProps{From: request.IdentityOn.Words()}})
	}
	if request.Entitled != "" {
		rows = append(rows, ui.SummaryRow{Key: "Why they may have it", Value: request.Entitled})
	}
	if request.PreparedAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Copy prepared", Value: calendar.Moment(*request.PreparedAt) + " by " + request.PreparedByName,
			Source: &ui.SourceProps{From: ui.Plural(request.Passages, "text", "texts") + " that people wrote; something left out of " + ui.Thousands(request.LeftOut)}})
	}
	if request.ReleasedAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Released", Value: calendar.Moment(*request.ReleasedAt) + " by " + request.ReleasedByName, Source: &ui.SourceProps{From: "Kept here until " + request.ExpiresOn.AddDays(-1).Words()}})
	}
	if request.HandedHow != "" {
		rows = append(rows, ui.SummaryRow{Key: "Handed over", Value: request.HandedOn.WordsWithDay() + ": " + request.HandedHow, Source: &ui.SourceProps{From: "Written down by " + request.HandedByName}})
	}
	if request.ClosedAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Closed", Value: request.ClosedWords, Source: &ui.SourceProps{From: calendar.Moment(*request.ClosedAt) + " by " + request.ClosedByName}})
	}
	return rows
}

// parts are the chapters of the record, each with how far its reading is.
func (v requestView) parts() []ui.Task {
	var tasks []ui.Task
	for _, chapter := range record.Chapters {
		if len(v.Review.Record.Of(chapter)) == 0 {
			continue
		}
		passages, leftOut := v.Review.Count(chapter)
		task := ui.Task{Text: chapter.Title(), Href: v.Path + "/parts/" + string(chapter), Hint: "Dates and facts only"}
		if passages > 0 {
			task.Hint = ui.Plural(passages, "text", "texts") + " to read"
			if leftOut > 0 {
				task.Hint += "; something is left out of " + ui.Thousands(leftOut)
			}
		}
		switch {
		case passages == 0:
			task.Status = "Nothing to read"
		case v.Review.IsRead(chapter):
			task.Status = "Read"
		default:
			task.Tag = &ui.TagProps{Text: "To read", Kind: ui.Yellow}
		}
		tasks = append(tasks, task)
	}
	return tasks
}

func (v requestView) fileRows() []ui.Link {
	var links []ui.Link
	for _, file := range v.Files {
		text := file.Name
		switch file.Name {
		case "record.pdf":
			text = "The record, to read (PDF)"
		case "record.json":
			text = "The record, for other programs (JSON)"
		}
		links = append(links, ui.Link{Text: text, Href: v.Path + "/files/" + ui.Thousands(file.Number)})
	}
	return links
}

func valuesOf(choices []rights.Choice) []string {
	var list []string
	for _, choice := range choices {
		list = append(list, choice.Value)
	}
	return list
}

func offered(choices []rights.Choice) []ui.Choice {
	var list []ui.Choice
	for _, choice := range choices {
		list = append(list, ui.Choice{Value: choice.Value, Text: choice.Text})
	}
	return list
}
