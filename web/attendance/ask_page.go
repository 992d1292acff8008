package attendance

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// askView is the page on which staff make a link that asks a school one question.
type askView struct {
	Strip   ui.IdentityStripProps
	Path    string
	Form    *kit.Form
	Schools []attendance.Pupil // the child at each school of today
	Address string             // of the link made just now: shown this once
}

func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return p.showAsk(w, r, askView{Form: kit.NewForm(nil)})
}

func (p *Pages) showAsk(w http.ResponseWriter, r *http.Request, view askView) error {
	view.Path = attendancePath(r) + "/ask"
	today := p.Kit.Today()
	var everyone []attendance.Pupil
	var batch postgres.Batch
	attendance.QueuePupils(&batch, &everyone, kit.Actor(r), 0, today, today)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "attendance question", &batch); err != nil {
		return err
	}
	for _, pupil := range everyone {
		if pupil.ID == kit.ChildID(r) {
			view.Schools = append(view.Schools, pupil)
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Ask the school by link", Back: attendancePath(r), Form: view.Form}, askPage(view))
}

// giveAsk makes a link and shows it, this once: it is kept nowhere, so there is no page to lead on to.
func (p *Pages) giveAsk(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	token, err := p.Attendance.AskByLink(r.Context(), kit.Actor(r), kit.ChildID(r), form.ID("setting"))
	if form.Refuses(err) {
		return p.showAsk(w, r, askView{Form: form})
	}
	if err != nil {
		return err
	}
	if err := p.Kit.DB.Landed(r.Context(), kit.Actor(r), r.URL.Path); err != nil {
		return err
	}
	return p.showAsk(w, r, askView{Form: kit.NewForm(nil), Address: p.Kit.Site.BaseURL + attendance.LinkPath(token)})
}

// isInView is the one question, for somebody at the school who has no account.
type isInView struct {
	attendance.Question
	Form   *kit.Form
	Action string
}

func (v isInView) words() string {
	half := "this morning"
	if v.Session == mark.PM {
		half = "this afternoon"
	}
	return fmt.Sprintf("Is %s in school %s?", v.Initials, half)
}

// isIn shows the question. Opening it uses nothing up: programs that look at links open them too.
func (p *Pages) isIn(w http.ResponseWriter, r *http.Request) error {
	return p.behind(w, r, func() error { return p.showIsIn(w, r, kit.NewForm(nil)) })
}

// answer keeps what the school says and answers at once: the link is used, so there is no page to lead on to.
func (p *Pages) answer(w http.ResponseWriter, r *http.Request) error {
	return p.behind(w, r, func() error {
		form := kit.FormOf(r)
		err := p.Attendance.AnswerLink(r.Context(), chi.URLParam(r, "token"), form.Key, attendance.Answer(form.Value("answer")))
		if form.Refuses(err) {
			return p.showIsIn(w, r, form)
		}
		if err != nil {
			return err
		}
		return p.Kit.Show(w, r, kit.Page{Title: "Thank you", OutOfApp: true}, answeredPage())
	})
}

func (p *Pages) showIsIn(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	question, err := p.Attendance.Question(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "One question", Form: form, OutOfApp: true}, isInPage(isInView{question, form, r.URL.Path}))
}

// behind does what a request asks of a link. Whoever tries many that do not work has to wait; each that
// does not work, whatever the reason, is answered with the same page.
func (p *Pages) behind(w http.ResponseWriter, r *http.Request, does func() error) error {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	worked, err := p.Accounts.TryLink(r.Context(), chi.URLParam(r, "token"), host)
	if errors.Is(err, fault.KindTooMany) {
		seconds := int(math.Ceil(fault.RetryAfter(err).Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		return p.Kit.Show(w, r, kit.Page{Title: "Please wait", Status: http.StatusTooManyRequests, OutOfApp: true}, waitPage(seconds))
	}
	if err != nil {
		return err
	}
	err = does()
	if errors.Is(err, fault.KindNotFound) {
		return p.Kit.Show(w, r, kit.Page{Title: "This link does not work", Status: http.StatusNotFound, OutOfApp: true}, deadPage())
	}
	if err != nil {
		return err
	}
	if err := worked(r.Context()); err != nil { // the page is shown already
		p.Kit.Log.WarnContext(r.Context(), "take back a try", "error", err)
	}
	return nil
}
