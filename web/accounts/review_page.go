package accounts

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

const reviewHome = "/admin/access-review"

// teamKey stands in an address for those who belong to no school.
const teamKey = "team"

type reviewView struct {
	Term   *account.ReviewTerm
	Places []account.ReviewPlace
	Values policy.Values
	Today  calendar.Date
}

func (v reviewView) due() calendar.Date { return v.Term.Due(v.Values) }

func (v reviewView) dueWords() string { return v.due().Words() + ", " + v.due().Relative(v.Today) }

// lead says how far the review has come and when it ends.
func (v reviewView) lead() string {
	open, people := 0, 0
	for _, place := range v.Places {
		open, people = open+place.Unanswered, people+place.People
	}
	if open == 0 {
		return fmt.Sprintf("%s: all %d have an answer.", v.Term.Label(), people)
	}
	return fmt.Sprintf("%s: %d of %d have no answer yet. Due %s.", v.Term.Label(), open, people, v.dueWords())
}

func (p *Pages) review(w http.ResponseWriter, r *http.Request) error {
	view := reviewView{Today: p.Kit.Today()}
	var batch postgres.Batch
	account.QueueReviewTerm(&batch, &view.Term, p.Kit.Site.AuthorityCode)
	account.QueueReview(&batch, &view.Places, p.Kit.Site.AuthorityCode)
	policy.Queue(&batch, &view.Values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Access review", Back: "/admin", Wide: true}, reviewPage(view))
}

type placeView struct {
	reviewView
	Form   *kit.Form
	Key    string // in the address
	Name   string
	People []account.Reviewed
	Actor  access.Actor
}

// asked are the people of whom nothing was said yet and about whom this reader may answer: not themselves,
// and heads and deputies only for those who manage their accounts.
func (v placeView) asked() []account.Reviewed {
	var list []account.Reviewed
	for _, person := range v.People {
		if person.Asked() && person.ID != v.Actor.ID && account.MayManage(v.Actor, account.Account{Role: person.Role}) {
			list = append(list, person)
		}
	}
	return list
}

// others is how many wait for somebody else's answer.
func (v placeView) others() int { return len(v.People) - len(v.said()) - len(v.asked()) }

// overtaken says whether the form holds words about somebody who has an answer by now.
func (v placeView) overtaken(form *kit.Form) bool {
	return slices.ContainsFunc(v.said(), func(person account.Reviewed) bool {
		id := strconv.FormatInt(person.ID, 10)
		return form.Value("answer-"+id) != "" || form.Value("reason-"+id) != ""
	})
}

func (v placeView) said() []account.Reviewed {
	var list []account.Reviewed
	for _, person := range v.People {
		if !person.Asked() {
			list = append(list, person)
		}
	}
	return list
}

// placeOf is the school of an address; 0 for those who belong to none.
func placeOf(r *http.Request) (int64, error) {
	if chi.URLParam(r, "place") == teamKey {
		return 0, nil
	}
	return kit.PathID(r, "place")
}

func (p *Pages) reviewPlace(w http.ResponseWriter, r *http.Request) error {
	return p.showReviewPlace(w, r, kit.NewForm(nil))
}

func (p *Pages) saveReview(w http.ResponseWriter, r *http.Request) error {
	settingID, err := placeOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	var all []account.Said
	for _, name := range form.All("person") {
		id, err := strconv.ParseInt(name, 10, 64)
		if answer := form.Value("answer-" + name); err == nil && answer != "" {
			all = append(all, account.Said{AccountID: id, Answer: account.Answer(answer), Reason: form.Text("reason-"+name, "Why", 500)})
		}
	}
	if len(all) == 0 {
		form.Problems.Add("", "Answer about at least one person. The others can wait.")
	}
	if err = form.Err(); err == nil {
		err = p.Accounts.Review(r.Context(), kit.Actor(r), p.Kit.Site.AuthorityCode, settingID, all)
	}
	if form.Refuses(err) {
		return p.showReviewPlace(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, reviewHome, "Your answers are saved. Whose access ended is signed out everywhere.")
}

func (p *Pages) showReviewPlace(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	settingID, err := placeOf(r)
	if err != nil {
		return err
	}
	view := placeView{Form: form, Key: chi.URLParam(r, "place"), Name: account.TeamName, Actor: kit.Actor(r)}
	view.Today = p.Kit.Today()
	var batch postgres.Batch
	account.QueueReviewTerm(&batch, &view.Term, p.Kit.Site.AuthorityCode)
	account.QueueReviewed(&batch, &view.People, p.Kit.Site.AuthorityCode, settingID)
	policy.Queue(&batch, &view.Values)
	if settingID != 0 {
		account.QueuePlaceName(&batch, &view.Name, settingID)
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if view.Term == nil {
		return fault.NotFound()
	}
	if form.Err() != nil && view.overtaken(form) {
		return fault.Conflict("Somebody has answered about one of these people meanwhile, so nothing of yours was kept. Open the page again to see who is left.")
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Access review", Back: reviewHome, Form: form}, placePage(view))
}
