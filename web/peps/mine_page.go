package peps

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// mineView is everything in a plan that waits for the reader: all their open sections on one page
// with one save, and links to the parts that are written in other ways.
type mineView struct {
	PlanView
	Form       *kit.Form
	Sheets     []mineSheet
	Collisions pep.Collisions
	Words      string // why nothing could be saved, though no field is wrong
}

// mineSheet is one section of the page, with the words the reader had not saved in it.
type mineSheet struct {
	sheet
	Draft *pep.Unsaved
	Since *pep.Collision
}

// The fields that each section of the page has beside its questions' own.
func versionOf(section string) string   { return "version-" + section }
func draftFromOf(section string) string { return "draft-from-" + section }

func (p *Pages) mine(w http.ResponseWriter, r *http.Request) error {
	return p.showMine(w, r, nil, nil, "")
}

func (p *Pages) showMine(w http.ResponseWriter, r *http.Request, form *kit.Form, collisions pep.Collisions, words string) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var drafts pep.Drafts
	var batch postgres.Batch
	pep.QueueDrafts(&batch, &drafts, ref, kit.Actor(r).ID)
	sheetOf := p.queueSheets(&batch, ref, &[]pep.Invitation{})
	plan, err := p.Read(r, "PEP, one's own part", &batch)
	if err != nil {
		return err
	}
	v := mineView{PlanView: plan, Form: form, Collisions: collisions, Words: words}
	if form == nil {
		v.Form = kit.NewForm(nil)
	}
	turn := 0
	for _, section := range plan.Whole.Form.Sections {
		part := pep.Part(section.Key)
		if form == nil && !plan.Whole.Awaits(plan.Actor, part) {
			continue
		}
		one := mineSheet{sheet: sheetOf(plan.Whole, section.Key, v.Form)}
		sent := form != nil && one.sent(form)
		if !sent && form != nil {
			continue
		}
		one.Within = true
		own := drafts.Own(plan.Actor, part)
		if !sent {
			v.Form.Set(versionOf(section.Key), strconv.Itoa(plan.Whole.Part(part).Version))
			one.fill()
			one.recall(own)
		}
		one.settle()
		if own != nil {
			v.Form.Set(draftFromOf(section.Key), own.Page)
			turn = max(turn, own.Turn)
		}
		v.Sheets = append(v.Sheets, one)
	}
	v.Form.Kept("", turn)
	page := kit.Page{Title: "Your part of the plan", Back: v.Path, Form: form, Wide: true}
	if words != "" {
		page.Status = http.StatusConflict
	}
	return p.Kit.Show(w, r, page, minePage(v))
}

// recall puts the reader's unsaved words of this section in place of what is saved.
func (m *mineSheet) recall(own *pep.Unsaved) {
	if own == nil {
		return
	}
	typed := m.sheet
	typed.Form = kit.NewForm(nil)
	typed.Form.Restore(own.Fields, own.Page, own.Turn)
	differs := m.Whole.Against(pep.OfSection(typed.read()))
	if differs == nil && typed.Form.Err() == nil {
		return
	}
	for field := range m.Form.Fields() {
		if m.owns(field) {
			m.Form.Set(field)
		}
	}
	for field, values := range own.Fields {
		if m.owns(field) {
			m.Form.Set(field, values...)
		}
	}
	m.Draft = own
	if own.BaseVersion < m.Whole.Part(own.Part).Version {
		m.Since = differs
	}
}

// sent says whether a form of the page held this section.
func (s sheet) sent(form *kit.Form) bool {
	if form.Value(versionOf(s.Section.Key)) != "" {
		return true
	}
	for field := range form.Fields(buttons...) {
		if s.owns(field) {
			return true
		}
	}
	return false
}

// sent reads the plan and the sheets that a form of the page was made of.
func (p *Pages) sent(r *http.Request, ref pep.Ref, form *kit.Form) ([]sheet, error) {
	var batch postgres.Batch
	sheetOf := p.queueSheets(&batch, ref, &[]pep.Invitation{})
	queued := pep.QueueWhole(&batch, p.PEPs.Forms, ref)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return nil, err
	}
	whole := queued()
	var sheets []sheet
	for _, section := range whole.Form.Sections {
		one := sheetOf(whole, section.Key, form)
		if one.sent(form) {
			sheets = append(sheets, one)
		}
	}
	return sheets, nil
}

func (p *Pages) saveMine(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	sheets, err := p.sent(r, ref, form)
	if err != nil {
		return err
	}
	drafts := mineDrafts(form, sheets)
	for _, one := range sheets {
		if addingRow(form, one.Section) {
			p.keep(r, drafts...)
			return p.showMine(w, r, form, nil, "")
		}
	}
	var inputs []pep.SectionInput
	for _, one := range sheets {
		in := one.read()
		in.Version, in.Complete = int(form.ID(versionOf(in.Section))), form.Value("complete") == "yes"
		inputs = append(inputs, in)
	}
	if err = form.Err(); err == nil {
		err = bare(p.PEPs.SaveSections(r.Context(), kit.Actor(r), ref, inputs))
	}
	var collisions pep.Collisions
	switch {
	case err == nil:
		return p.Kit.Done(w, r, planPath(ref), "Saved")
	case form.Refuses(err):
	case errors.As(err, &collisions):
		for _, one := range collisions {
			form.Set(versionOf(string(one.Part)), strconv.Itoa(one.Version))
		}
	case !errors.Is(err, fault.KindConflict):
		return err
	}
	p.keep(r, drafts...)
	if len(collisions) > 0 {
		form.Overtaken(0)
		return p.showMine(w, r, form, collisions, "")
	}
	if form.Err() == nil {
		return p.showMine(w, r, form, nil, fault.Words(err))
	}
	return p.showMine(w, r, form, nil, "")
}

// bare takes the section off the fields of problems: a question's key is enough to find it.
func bare(err error) error {
	found := fault.Of(err)
	if found == nil {
		return err
	}
	var moved fault.Problems
	for _, problem := range found {
		_, field, _ := strings.Cut(problem.Field, "/")
		moved.Add(field, problem.Text)
	}
	return moved.Err()
}

// mineDrafts are the sections in which something was typed that is not saved, each a draft of its own.
func mineDrafts(form *kit.Form, sheets []sheet) []pep.DraftInput {
	fields := form.Fields(buttons...)
	var drafts []pep.DraftInput
	for _, one := range sheets {
		typed := one
		typed.Form = kit.NewForm(nil)
		typed.Form.Restore(fields, "", 0)
		if one.Whole.Against(pep.OfSection(typed.read())) == nil && typed.Form.Err() == nil {
			continue
		}
		in := pep.DraftInput{Part: pep.Part(one.Section.Key), Page: form.DraftPage(), From: form.Value(draftFromOf(one.Section.Key)), Turn: form.DraftTurn(),
			BaseVersion: int(form.ID(versionOf(one.Section.Key))), Fields: map[string][]string{}}
		for field, values := range fields {
			if one.owns(field) {
				in.Fields[field] = values
			}
		}
		drafts = append(drafts, in)
	}
	return drafts
}

// keepMine takes what the page sends while it is written, as keepDraft does.
func (p *Pages) keepMine(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	sheets, err := p.sent(r, ref, form)
	if err != nil {
		return err
	}
	until, err := p.PEPs.KeepDrafts(r.Context(), kit.Actor(r), ref, mineDrafts(form, sheets))
	return p.keptDraft(w, r, ref, until, err)
}

// typedParts are the parts of the plan that wait for the reader and have pages of their own.
func (v mineView) typedParts() []part {
	var list []part
	for _, one := range v.parts() {
		if _, section := v.Whole.Form.Section(string(one.Key)); !section && v.Whole.Awaits(v.Actor, one.Key) {
			list = append(list, one)
		}
	}
	return list
}

func (v mineView) sinceWords(c *pep.Collision) string {
	section, _ := v.Whole.Form.Section(string(c.Part))
	return section.Title + ": " + collisionWords(c)
}

func mineDraftWords(d *pep.Unsaved) string {
	return "Your unsaved words of " + calendar.Moment(d.SavedAt) + " are shown here. Save them when they are ready."
}
