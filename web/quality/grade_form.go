package quality

import (
	"bytes"
	"net/http"
	"strconv"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// blank is the form of a sheet nobody has marked, with the marks the facts give.
func (v gradeView) blank() *kit.Form {
	form := kit.NewForm(nil)
	form.SetVersion(v.Whole.Plan.Version)
	for _, mark := range v.Sheet.Prefilled() {
		form.Set("grade-"+mark.Criterion, mark.Grade)
	}
	return form
}

// readGrading reads the marks of the criteria that apply.
func readGrading(form *kit.Form, sheet quality.Sheet) quality.Grading {
	in := quality.Grading{Version: form.Version(), Rubric: form.Value("rubric"), Given: map[string]quality.Given{},
		Reason: form.Text("reason", "What needs correcting", pep.ReasonsMax)}
	in.RubricVersion, _ = strconv.Atoi(form.Value("rubric_version"))
	for _, c := range sheet.Applying {
		in.Given[c.Key] = quality.Given{Grade: form.Value("grade-" + c.Key), Note: form.Text("note-"+c.Key, "The note on “"+c.Title+"”", quality.NoteMax)}
	}
	return in
}

// preview is the grade as the marks so far make it.
type preview struct {
	Sheet   quality.Sheet
	Result  quality.Result
	Blind   bool
	Marked  int
	Reason  string // composed, or as it was changed by hand
	Problem string
	Form    *kit.Form
}

// previewOf works out the grade from what a form holds, and composes the reason for a return unless
// it was changed by hand.
func previewOf(sheet quality.Sheet, form *kit.Form, blind bool) preview {
	given := map[string]quality.Given{}
	marked := 0
	for _, c := range sheet.Applying {
		one := quality.Given{Grade: form.Value("grade-" + c.Key), Note: form.Value("note-" + c.Key)}
		given[c.Key] = one
		if one.Grade != "" {
			marked++
		}
	}
	marks := sheet.Marks(given)
	v := preview{Sheet: sheet, Result: sheet.Rubric.Work(sheet.Applying, marks), Blind: blind, Marked: marked, Form: form, Problem: form.Error("shown")}
	composed := ""
	if v.returns() {
		composed = sheet.Rubric.Reason(sheet.Applying, marks)
	}
	if v.Reason = form.Value("reason"); v.Reason == "" || v.Reason == form.Value("composed") {
		v.Reason = composed
	}
	form.Set("reason", v.Reason)
	form.Set("composed", composed)
	return v
}

func (v preview) grade() quality.Grade { return v.Sheet.Rubric.Grade(v.Result.Grade) }

func (v preview) returns() bool { return !v.Blind && v.grade().Does == quality.Returns }

// button says what pressing it does.
func (v preview) button() string {
	switch {
	case v.Blind:
		return "Record your marks"
	case v.returns():
		return "Record " + v.grade().Name + " and return the plan"
	case v.Result.Gradable():
		return "Record " + v.grade().Name + " and sign off the plan"
	}
	return "Record the grade"
}

func (v preview) progress() string {
	return strconv.Itoa(v.Marked) + " of " + strconv.Itoa(len(v.Sheet.Applying)) + " criteria marked"
}

func gradeTag(grade quality.Grade) ui.TagProps {
	return ui.TagProps{Text: grade.Name, Kind: ui.KindOf(grade.Colour)}
}

// preview works the grade out for a page whose script asks. It is told everything and reads nothing:
// which rubric, which criteria, what the facts gave and what was marked.
func (p *Pages) preview(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	version, _ := strconv.Atoi(form.Value("rubric_version"))
	rubric, there := p.Quality.Rubrics.Rubric(form.Value("rubric"), version)
	if !there {
		return fault.NotFound()
	}
	sheet := quality.Sheet{Rubric: rubric, Found: map[string]quality.Finding{}}
	for _, key := range form.All("criterion") {
		if c, known := rubric.Criterion(key); known {
			sheet.Applying = append(sheet.Applying, c)
			sheet.Found[key] = quality.Finding{Level: quality.Level(form.Value("fact-" + key)), Because: form.Value("because-" + key)}
		}
	}
	var whole bytes.Buffer
	if err := previewBox(previewOf(sheet, form, form.Value("blind") != "")).Render(r.Context(), &whole); err != nil {
		return err
	}
	return p.Kit.Send(w, r, "text/html; charset=utf-8", "", whole.Bytes())
}
