package quality

import (
	"errors"
	"fmt"
	"net/http"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep/quality"
	"virtualschool/web/kit"
)

// followUps is where those who write a plan say what was done about what the last one left.
func (p *Pages) followUps(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r, followScreen)
	if err != nil {
		return err
	}
	v.Form = kit.NewForm(nil)
	return p.showFollowUps(w, r, v)
}

const followScreen = "PEP follow-ups"

func (p *Pages) showFollowUps(w http.ResponseWriter, r *http.Request, v gradeView) error {
	page := kit.Page{Title: "To be better than last time", Back: planPath(v.Ref), Form: v.Form}
	if v.Conflict != "" {
		page.Status = http.StatusConflict
	}
	return p.Kit.Show(w, r, page, followUpsPage(v))
}

func wordsField(one quality.FollowUp) string { return fmt.Sprintf("words-%d", one.ID) }

func (p *Pages) dealWith(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r, followScreen)
	if err != nil {
		return err
	}
	v.Form = kit.FormOf(r)
	done := map[int64]string{}
	for _, one := range v.Follow {
		if words := v.Form.Text(wordsField(one), "What was done", quality.NoteMax); words != "" {
			done[one.ID] = words
		}
	}
	if len(done) == 0 && len(v.Follow) > 0 {
		v.Form.Problems.Add(wordsField(v.Follow[0]), "Enter what was done about at least one")
	}
	if err = v.Form.Err(); err == nil {
		err = p.Quality.DealWith(r.Context(), v.Actor, v.Ref, done)
	}
	switch {
	case err == nil:
		return p.Kit.Done(w, r, planPath(v.Ref), "Saved")
	case errors.Is(err, fault.KindConflict):
		v.Conflict = fault.Words(err)
		v.Form.Renew()
	case !v.Form.Refuses(err) && len(v.Form.Problems) == 0:
		return err
	}
	return p.showFollowUps(w, r, v)
}
