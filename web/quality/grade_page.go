package quality

import (
	"errors"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// gradeView is a plan beside its rubric.
type gradeView struct {
	Strip   ui.IdentityStripProps
	Actor   access.Actor
	Today   calendar.Date
	Ref     pep.Ref
	Whole   pep.Whole
	Sheet   quality.Sheet
	Handed  quality.HandedIn
	Pick    quality.Pick
	Known   bool // the rubric that the council has set is there
	Rubric  string
	Graded  []quality.Graded
	Second  *quality.SecondMarking
	Follow  []quality.FollowUp
	Rubrics quality.Set

	Blind    bool // this is the second marking
	Form     *kit.Form
	Preview  preview
	Conflict string // why what was sent could not be recorded
}

func (v gradeView) path() string { return planPath(v.Ref) + "/quality" }

// view reads a plan with all that grading it needs, in one round trip.
func (p *Pages) view(r *http.Request, screen string) (gradeView, error) {
	ref, err := refOf(r)
	if err != nil {
		return gradeView{}, err
	}
	v := gradeView{Actor: kit.Actor(r), Today: p.Kit.Today(), Ref: ref, Rubrics: p.Quality.Rubrics}
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, p.Quality.PEPs.Forms, ref)
	handed := quality.QueueHandedIn(&batch, ref)
	setting.QueueCalendar(&batch, &dates, p.Quality.PEPs.Authority, 0)
	policy.Queue(&batch, &values)
	quality.QueueGraded(&batch, &v.Graded, ref)
	quality.QueueSecond(&batch, &v.Second, ref)
	quality.QueueFollowUps(&batch, &v.Follow, ref)
	if v.Strip, err = p.Kit.ViewChild(r, screen, &batch); err != nil {
		return v, err
	}
	v.Whole, v.Handed, v.Rubric = whole(), handed(), values.PEPQualityRubric()
	v.Pick = quality.Sample(v.Handed.Handed, quality.SamplingOf(values))
	var rubric quality.Rubric
	rubric, v.Known = v.Rubrics.Pick(v.Rubric)
	if v.Second != nil {
		if first, kept := v.Rubrics.Rubric(v.Second.Rubric, v.Second.RubricVersion); kept && screen == secondScreen {
			rubric, v.Known = first, true
		}
	}
	v.Sheet = rubric.Lay(v.Handed.Known(v.Whole, dates.WorkingDays(), pep.DeadlinesOf(values)))
	return v, nil
}

const (
	gradeScreen  = "PEP quality"
	secondScreen = "PEP second marking"
)

// mayGrade says whether the plan waits for a grade that the actor may give.
func (v gradeView) mayGrade() bool {
	return v.Whole.Plan.State.CanMove(pep.ActSignOff) &&
		access.Check(v.Actor, access.ReviewQuality, access.Facts{SubmittedBy: v.Handed.SubmittedBy}) == nil
}

// ownPlan says whether only that it is the actor's own plan keeps them from grading it.
func (v gradeView) ownPlan() bool {
	return v.Whole.Plan.State.CanMove(pep.ActSignOff) && v.Handed.SubmittedBy == v.Actor.ID
}

// maySecond says whether the plan waits to be marked by the actor a second time.
func (v gradeView) maySecond() bool {
	return v.Second != nil && v.Second.Waiting() &&
		access.Check(v.Actor, access.SecondMark, access.Facts{SubmittedBy: v.Handed.SubmittedBy, FirstMarker: v.Second.FirstMarker}) == nil
}

func (p *Pages) grade(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r, gradeScreen)
	if err != nil {
		return err
	}
	if v.mayGrade() {
		v.Form = v.blank()
	}
	return p.show(w, r, v)
}

func (p *Pages) second(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r, secondScreen)
	if err != nil {
		return err
	}
	v.Blind = true
	if v.maySecond() {
		v.Form = v.blank()
	}
	return p.show(w, r, v)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, v gradeView) error {
	page := kit.Page{Title: "Quality of the plan", Back: planPath(v.Ref), Form: v.Form, Wide: true}
	if v.Blind {
		page.Title = "Second marking"
	}
	if v.Conflict != "" {
		page.Status = http.StatusConflict
	}
	if v.Form != nil {
		v.Preview = previewOf(v.Sheet, v.Form, v.Blind)
	}
	return p.Kit.Show(w, r, page, gradePage(v))
}

// begin takes a submitted plan into quality assurance and leads to its rubric.
func (p *Pages) begin(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	err = p.Quality.PEPs.TakeIn(r.Context(), kit.Actor(r), ref, kit.FormOf(r).Version())
	if err != nil && !errors.Is(err, fault.KindConflict) { // taken in already: the rubric says how it stands
		return err
	}
	return p.Kit.Done(w, r, planPath(ref)+"/quality", "")
}

func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, gradeScreen)
}

func (p *Pages) recordSecond(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, secondScreen)
}

// take answers a sheet that was sent: with the grade worked out, or recorded.
func (p *Pages) take(w http.ResponseWriter, r *http.Request, screen string) error {
	v, err := p.view(r, screen)
	if err != nil {
		return err
	}
	v.Form, v.Blind = kit.FormOf(r), screen == secondScreen
	if v.Form.Value("act") == "work_out" {
		v.Form.Renew()
		return p.show(w, r, v)
	}
	in := readGrading(v.Form, v.Sheet)
	// The grade is always seen before it is recorded.
	if found := v.Sheet.Rubric.Work(v.Sheet.Applying, v.Sheet.Marks(in.Given)); found.Gradable() && found.Grade != v.Form.Value("shown") {
		v.Form.Problems.Add("shown", v.Sheet.Rubric.Explain(found)+" Look at it, then record it.")
	}
	var result quality.Result
	if err = v.Form.Err(); err == nil {
		if v.Blind {
			result, err = p.Quality.RecordSecond(r.Context(), v.Actor, v.Ref, in)
		} else {
			result, err = p.Quality.Record(r.Context(), v.Actor, v.Ref, in)
		}
	}
	switch {
	case err == nil && v.Blind:
		return p.Kit.Done(w, r, v.path(), "Your marks are recorded. Both markings are shown now.")
	case err == nil && v.Sheet.Rubric.Grade(result.Grade).Does == quality.Returns:
		return p.Kit.Done(w, r, planPath(v.Ref), "Graded, and returned to be corrected")
	case err == nil:
		return p.Kit.Done(w, r, planPath(v.Ref), "Graded and signed off")
	case errors.Is(err, fault.KindConflict):
		v.Conflict = fault.Words(err)
		v.Form.SetVersion(v.Whole.Plan.Version)
		v.Form.Renew()
	case !v.Form.Refuses(err) && len(v.Form.Problems) == 0:
		return err
	}
	return p.show(w, r, v)
}

// settle records what two markers who differ agreed.
func (p *Pages) settle(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	grade, words := form.Value("grade"), form.Required("words", "How you came to agree", quality.NoteMax)
	return p.settled(w, r, form, func(ref pep.Ref) error {
		return p.Quality.Settle(r.Context(), kit.Actor(r), ref, grade, words)
	})
}

// setAside ends a second marking that nobody can give.
func (p *Pages) setAside(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	words := form.Required("words", "Why there is no second marking", quality.NoteMax)
	return p.settled(w, r, form, func(ref pep.Ref) error {
		return p.Quality.SetAside(r.Context(), kit.Actor(r), ref, words)
	})
}

func (p *Pages) settled(w http.ResponseWriter, r *http.Request, form *kit.Form, do func(pep.Ref) error) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if err = form.Err(); err == nil {
		if err = do(ref); err == nil {
			return p.Kit.Done(w, r, planPath(ref)+"/quality", "Recorded")
		}
	}
	v, failed := p.view(r, gradeScreen)
	if failed != nil {
		return failed
	}
	v.Form = form
	switch {
	case errors.Is(err, fault.KindConflict):
		v.Conflict = fault.Words(err)
	case !form.Refuses(err) && len(form.Problems) == 0:
		return err
	}
	return p.showSettling(w, r, v)
}

func (p *Pages) showSettling(w http.ResponseWriter, r *http.Request, v gradeView) error {
	page := kit.Page{Title: "Quality of the plan", Back: planPath(v.Ref), Form: v.Form, Wide: true}
	if v.Conflict != "" {
		page.Status = http.StatusConflict
	}
	return p.Kit.Show(w, r, page, gradedPage(v))
}
