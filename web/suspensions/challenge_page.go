package suspensions

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// childRiskView is one child's signs, and what people said of them.
type childRiskView struct {
	Strip    ui.IdentityStripProps
	Path     string
	Child    string // address of the child
	May      bool   // challenge a sign
	Reasons  []suspension.Reason
	Earlier  []suspension.Challenge // that hold no more
	Form     *kit.Form
	Sign     suspension.Sign    // that is being challenged
	Chosen   *suspension.Reason // as it stands; nil: it is in the record no more, or somebody else challenges it
	Conflict bool
}

// loadRisk reads one child's signs.
func (p *Pages) loadRisk(r *http.Request, screen string) (childRiskView, error) {
	v := childRiskView{May: access.Can(kit.Actor(r), access.ChallengeRisk), Path: suspensionsPath(r) + "/risk", Child: fmt.Sprintf("/children/%d", kit.ChildID(r))}
	var signs []suspension.Signs
	var challenges []suspension.Challenge
	var batch postgres.Batch
	suspension.QueueSignsOf(&batch, &signs, p.Kit.Today(), kit.ChildID(r))
	suspension.QueueChallenges(&batch, &challenges, kit.ChildID(r))
	var err error
	if v.Strip, err = p.Kit.ViewChild(r, screen, &batch); err != nil {
		return v, err
	}
	if len(signs) > 0 {
		v.Reasons = suspension.Challenged(suspension.ReasonsOf(signs[0], p.Kit.Today()), challenges)
	}
	for _, challenge := range challenges {
		if !slices.ContainsFunc(v.Reasons, func(r suspension.Reason) bool { return r.Challenge != nil && r.Challenge.ID == challenge.ID }) {
			v.Earlier = append(v.Earlier, challenge)
		}
	}
	return v, nil
}

func (p *Pages) childRisk(w http.ResponseWriter, r *http.Request) error {
	return p.showChildRisk(w, r, nil)
}

func (p *Pages) showChildRisk(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	v, err := p.loadRisk(r, "signs of risk of exclusion")
	if err != nil {
		return err
	}
	if v.Form = form; form == nil {
		v.Form = kit.NewForm(nil)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Signs of risk", Form: form, Back: suspensionsPath(r)}, childRiskPage(v))
}

func (v childRiskView) lead() string {
	points := suspension.PointsOf(v.Reasons)
	words := ui.Plural(points, "point", "points") + " from " + ui.Plural(len(v.Reasons), "reason", "reasons") + "."
	if points < leastPoints {
		words += fmt.Sprintf(" The list of children with signs of risk begins at %d.", leastPoints)
	}
	return words
}

// ended is why an earlier challenge holds no more.
func ended(c suspension.Challenge) string {
	if c.TakenBackAt != nil {
		return "Taken back by " + c.TakenBackBy + " on " + calendar.Of(*c.TakenBackAt).Words()
	}
	return "The record has other facts since, so the sign counts by those"
}

func said(c suspension.Challenge) string {
	return c.ChallengedBy + ", " + calendar.Of(c.ChallengedAt).Words()
}

func (p *Pages) challenge(w http.ResponseWriter, r *http.Request) error {
	return p.showChallenge(w, r, nil, false)
}

// showChallenge shows the form to challenge the sign in the address. Where the child has no such sign, or has it no
// more, there is nothing to challenge; what was typed is shown all the same.
func (p *Pages) showChallenge(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	v, err := p.loadRisk(r, "challenge a sign of risk")
	if err != nil {
		return err
	}
	v.Sign, v.Conflict, v.Form = signOf(r), conflict, form
	n := slices.IndexFunc(v.Reasons, func(one suspension.Reason) bool { return one.Sign == v.Sign && one.Challenge == nil })
	if n >= 0 {
		v.Chosen = &v.Reasons[n]
	}
	switch {
	case form == nil && n < 0:
		http.Redirect(w, r, v.Path, http.StatusSeeOther)
		return nil
	case form == nil:
		v.Form = kit.NewForm(nil)
	case conflict:
		form.Overtaken(0)
	}
	if n >= 0 {
		v.Form.Set("fact", v.Chosen.Fact)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Say that a sign is not so", Form: v.Form, Back: v.Path}, challengePage(v))
}

func signOf(r *http.Request) suspension.Sign { return suspension.Sign(r.PathValue("sign")) }

func (p *Pages) saveChallenge(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	because := form.Required("because", "Why it is not so", suspension.ChallengeLimit)
	err := form.Err()
	if err == nil {
		err = p.Suspensions.Challenge(r.Context(), kit.Actor(r), kit.ChildID(r), signOf(r), form.Value("fact"), because)
	}
	switch {
	case form.Refuses(err):
		return p.showChallenge(w, r, form, false)
	case errors.Is(err, fault.KindConflict):
		return p.showChallenge(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, suspensionsPath(r)+"/risk", "The reason is not counted until the record has other facts.")
}

func (p *Pages) countAgain(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	var err error
	if id := form.ID("challenge"); id == 0 {
		err = fault.Invalid("", "Choose which reason counts again")
	} else {
		err = p.Suspensions.CountAgain(r.Context(), kit.Actor(r), kit.ChildID(r), id)
	}
	switch {
	case form.Refuses(err):
		return p.showChildRisk(w, r, form)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, suspensionsPath(r)+"/risk", "The reason counts again.")
}
