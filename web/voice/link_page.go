package voice

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// linkView is the links of one plan.
type linkView struct {
	Strip ui.IdentityStripProps
	Plan  pep.Ref
	Open  bool // the plan is
	Links []voice.Link
	Now   time.Time
	Form  *kit.Form
	Words string // why it is too late
	// Of a link made just now, which is shown this once.
	Address string
	Code    ui.Code
	Until   calendar.Date
}

func (p *Pages) links(w http.ResponseWriter, r *http.Request) error {
	return p.showLinks(w, r, linkView{Form: usualForm()})
}

// usualForm asks for the link that most people make.
func usualForm() *kit.Form {
	return kit.NewForm(map[string]string{"level": string(voice.Plain), "days": strconv.Itoa(voice.UsualDays)})
}

func (p *Pages) showLinks(w http.ResponseWriter, r *http.Request, v linkView) error {
	var err error
	if v.Plan, err = planOf(r); err != nil {
		return err
	}
	var state pep.State
	var batch postgres.Batch
	voice.QueuePlanState(&batch, &state, v.Plan)
	voice.QueueLinks(&batch, &v.Links, v.Plan)
	if v.Strip, err = p.Kit.ViewChild(r, "link for the young person", &batch); err != nil {
		return err
	}
	v.Open, v.Now = state.Open(), p.Kit.DB.Now()
	page := kit.Page{Title: "A page for the young person", Back: planPath(v.Plan) + "/voice", Form: v.Form}
	if v.Words != "" {
		page.Status = http.StatusConflict
	}
	return p.Kit.Show(w, r, page, linkPage(v))
}

// giveLink makes a link and shows it, this once: it is kept nowhere, so there is no page to lead on to.
func (p *Pages) giveLink(w http.ResponseWriter, r *http.Request) error {
	plan, err := planOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	level := voice.Level(form.Choice("level", "How the page is worded", levels()...))
	days := form.Number("days", "The number of days", 1, voice.MostDays)
	var token string
	if err = form.Err(); err == nil {
		token, err = p.Voice.GiveLink(r.Context(), kit.Actor(r), plan, level, days)
	}
	switch {
	case form.Refuses(err):
		return p.showLinks(w, r, linkView{Form: form})
	case errors.Is(err, fault.KindConflict):
		return p.showLinks(w, r, linkView{Form: form, Words: fault.Words(err)})
	case err != nil:
		return err
	}
	// Sent again, the form leads to the list of links, where this one stands as made.
	if err := p.Kit.DB.Landed(r.Context(), kit.Actor(r), r.URL.Path); err != nil {
		return err
	}
	v := linkView{Form: kit.NewForm(map[string]string{"level": string(level), "days": strconv.Itoa(days)}),
		Address: p.Kit.Site.BaseURL + voice.Path(token), Until: p.Kit.Today().AddDays(days)}
	if v.Code, err = ui.CodeOf(v.Address); err != nil {
		return err
	}
	return p.showLinks(w, r, v)
}

func (p *Pages) revokeLink(w http.ResponseWriter, r *http.Request) error {
	plan, err := planOf(r)
	if err != nil {
		return err
	}
	again := usualForm()
	err = p.Voice.RevokeLink(r.Context(), kit.Actor(r), plan, kit.FormOf(r).ID("link"))
	switch {
	case again.Refuses(err):
		return p.showLinks(w, r, linkView{Form: again})
	case errors.Is(err, fault.KindConflict):
		return p.showLinks(w, r, linkView{Form: again, Words: fault.Words(err)})
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, planPath(plan)+"/link", "The link is taken back. It no longer works.")
}

func levels() []string {
	return []string{string(voice.Pictures), string(voice.Plain), string(voice.Adult)}
}

func levelChoices() []ui.Choice {
	hints := map[voice.Level]string{voice.Pictures: "For younger children, and for whoever finds reading hard or is new to English.",
		voice.Plain: "For most young people.", voice.Adult: "For young people who want to be asked like an adult."}
	var choices []ui.Choice
	for _, level := range voice.Levels {
		choices = append(choices, ui.Choice{Value: string(level), Text: level.Name(), Hint: hints[level]})
	}
	return choices
}

var linkKinds = map[voice.LinkState]ui.TagKind{voice.LinkWaiting: ui.Yellow, voice.LinkUsed: ui.Green, voice.LinkExpired: ui.Grey, voice.LinkRevoked: ui.Grey}

// linkNote is the day that matters about a link.
func linkNote(link voice.Link, now time.Time) string {
	switch link.State(now) {
	case voice.LinkUsed:
		return "on " + calendar.Of(*link.UsedAt).Words()
	case voice.LinkRevoked:
		return "on " + calendar.Of(*link.RevokedAt).Words()
	}
	return "works until " + lastDay(link).Words()
}

// lastDay is the last day on which a link works: it ends with the day.
func lastDay(link voice.Link) calendar.Date { return calendar.Of(link.ExpiresAt.Add(-time.Second)) }
