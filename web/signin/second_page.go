package signin

import (
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/fault"
	"virtualschool/web/kit"
)

// secondPath is where somebody half-way gives their second factor, or sets up the one their role needs.
const secondPath = "/sign-in/second"

// thenKey is where a session keeps the page its person came for, until they are signed in.
const thenKey = "after_sign_in"

type secondView struct {
	Form *kit.Form
	Who  access.Actor
	Has  factor.Has
	// Role: the role asks for what is set up here, and the person has it not.
	Role bool
}

// second is the page after the first factor: what comes next for this person.
func (p *Pages) second(w http.ResponseWriter, r *http.Request) error {
	return p.showSecond(w, r, kit.NewForm(nil), 0)
}

func (p *Pages) showSecond(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	person := account.PersonOf(r.Context())
	if !person.Halfway.Somebody() {
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
		return nil
	}
	step, has, err := p.Factors.Next(r.Context(), person.Halfway, person.Proof.Second)
	if err != nil {
		return err
	}
	view := secondView{Form: form, Who: person.Halfway, Has: has}
	switch step {
	case factor.Give:
		return p.Kit.Show(w, r, kit.Page{Title: "Second step", Form: form, Status: status, OutOfApp: true}, givePage(view))
	case factor.SetUp:
		return p.Kit.Show(w, r, kit.Page{Title: "Set up a second step", Form: form, Status: status, OutOfApp: true}, setUpPage(view))
	case factor.SetUpPasskey:
		http.Redirect(w, r, secondPath+"/passkey", http.StatusSeeOther)
		return nil
	}
	return p.finish(w, r, person.Halfway, person.Proof) // the rule changed meanwhile
}

// giveSecond takes a code, a recovery code or a passkey's answer of somebody half-way.
func (p *Pages) giveSecond(w http.ResponseWriter, r *http.Request) error {
	person := account.PersonOf(r.Context())
	if !person.Halfway.Somebody() {
		http.Redirect(w, r, "/sign-in?ended=1", http.StatusSeeOther)
		return nil
	}
	form := kit.FormOf(r)
	given, err := p.takeSecond(r, form, person.Halfway)
	if status := refused(w, form, err); status != 0 {
		return p.showSecond(w, r, form, status)
	}
	if err != nil {
		return err
	}
	person.Proof.Second = given
	return p.goOn(w, r, person.Halfway, person.Proof)
}

// takeSecond checks the second factor that a form gives, whichever it is.
func (p *Pages) takeSecond(r *http.Request, form *kit.Form, who access.Actor) (account.Second, error) {
	switch {
	case form.Value("credential") != "":
		_, err := p.Factors.ProveByPasskey(r.Context(), who, p.kept(r, who), []byte(form.Value("credential")), address(r))
		return account.WithPasskey, err
	case form.Value("recovery") != "":
		err := p.Factors.ProveByRecovery(r.Context(), who, form.Value("recovery"), address(r))
		if problems := fault.Of(err); len(problems) > 0 {
			err = fault.Invalid("recovery", problems[0].Text)
		}
		return account.WithRecovery, err
	}
	if form.Required("code", "The code", 20); form.Err() != nil {
		return account.WithApp, form.Err()
	}
	return account.WithApp, p.Factors.ProveByCode(r.Context(), who, form.Value("code"), address(r))
}

// goOn takes somebody half-way a step on: into the application, or to what is still asked.
func (p *Pages) goOn(w http.ResponseWriter, r *http.Request, who access.Actor, proof account.Proof) error {
	step, _, err := p.Factors.Next(r.Context(), who, proof.Second)
	if err != nil {
		return err
	}
	if step == factor.Finished {
		return p.finish(w, r, who, proof)
	}
	then := p.Kit.Sessions.GetString(r.Context(), thenKey)
	return p.halt(w, r, who, proof, then)
}

// finish lets somebody in who has passed all that is asked, to the page they came for.
func (p *Pages) finish(w http.ResponseWriter, r *http.Request, who access.Actor, proof account.Proof) error {
	then, err := p.letIn(r, who, proof)
	if err != nil {
		return err
	}
	http.Redirect(w, r, then, http.StatusSeeOther)
	return nil
}

// letIn gives the session to its person and says which page they came for.
func (p *Pages) letIn(r *http.Request, who access.Actor, proof account.Proof) (then string, err error) {
	then = after(p.Kit.Sessions.GetString(r.Context(), thenKey))
	proof.Halfway, proof.At = false, p.Kit.DB.Now()
	if err := p.Accounts.SignedIn(r.Context(), who, proof); err != nil {
		return "", err
	}
	return then, p.enter(r, who.ID, proof)
}

// halt leaves somebody half-way, at the page of what comes next.
func (p *Pages) halt(w http.ResponseWriter, r *http.Request, who access.Actor, proof account.Proof, then string) error {
	proof.Halfway = true
	if err := p.enter(r, who.ID, proof); err != nil {
		return err
	}
	p.Kit.Sessions.Put(r.Context(), thenKey, after(then))
	http.Redirect(w, r, secondPath, http.StatusSeeOther)
	return nil
}
