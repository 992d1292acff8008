package peps

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/web/kit"
)

// buttons are the names that the pages' buttons send: no part of what was typed.
var buttons = []string{"add", "complete", "later", addRow}

func draftOf(part pep.Part, form *kit.Form) pep.DraftInput {
	return pep.DraftInput{Part: part, Page: form.DraftPage(), From: form.DraftFrom(), Turn: form.DraftTurn(), BaseVersion: form.Version(), Fields: form.Fields(buttons...)}
}

// keep keeps a form that is about to come back. The words are on the page in any case, so where
// they cannot be kept, nothing more is done.
func (p *Pages) keep(r *http.Request, typed ...pep.DraftInput) {
	ref, err := refOf(r)
	if err == nil {
		_, err = p.PEPs.KeepDrafts(r.Context(), kit.Actor(r), ref, typed)
	}
	if err != nil && !errors.Is(err, fault.KindConflict) {
		p.Kit.Log.WarnContext(r.Context(), "keep a draft", "error", err)
	}
}

// keepDraft takes what a page sends while it is written. The button "Save and finish later" sends
// the same.
func (p *Pages) keepDraft(w http.ResponseWriter, r *http.Request) error {
	ref, part, err := draftRef(r)
	if err != nil {
		return err
	}
	until, err := p.PEPs.KeepDraft(r.Context(), kit.Actor(r), ref, draftOf(part, kit.FormOf(r)))
	return p.keptDraft(w, r, ref, until, err)
}

// keptDraft answers a page's script in a few words to be shown there, and the button with the way
// back to the plan.
func (p *Pages) keptDraft(w http.ResponseWriter, r *http.Request, ref pep.Ref, until time.Time, err error) error {
	later := kit.FormOf(r).Value("later") != ""
	switch {
	case later && err == nil:
		return p.Kit.Done(w, r, exitOf(r, ref), "Your words are kept until "+calendar.Of(until).Words()+". Open the part again to finish it.")
	case !later && (errors.Is(err, fault.KindConflict) || errors.Is(err, fault.KindTooLarge)):
		http.Error(w, fault.Words(err), http.StatusConflict)
		return nil
	case err != nil:
		return err
	}
	return p.Kit.Send(w, r, "text/plain; charset=utf-8", "", []byte("Draft saved "+calendar.TimeOfDay(p.Kit.DB.Now())))
}

func (p *Pages) dropDraft(w http.ResponseWriter, r *http.Request) error {
	ref, part, err := draftRef(r)
	if err != nil {
		return err
	}
	if err := p.PEPs.DropDraft(r.Context(), kit.Actor(r), ref, part); err != nil {
		return err
	}
	return p.Kit.Done(w, r, partPath(ref, part), "Your unsaved words are thrown away. This is what is saved.")
}

func (p *Pages) handOverDraft(w http.ResponseWriter, r *http.Request) error {
	ref, part, err := draftRef(r)
	if err != nil {
		return err
	}
	if err := p.PEPs.HandOverDraft(r.Context(), kit.Actor(r), ref, part); err != nil {
		return err
	}
	return p.Kit.Done(w, r, exitOf(r, ref), "Your unsaved words are handed over: whoever writes that part can take them over.")
}

func (p *Pages) takeDraft(w http.ResponseWriter, r *http.Request) error {
	ref, part, err := draftRef(r)
	if err != nil {
		return err
	}
	if err := p.PEPs.TakeDraft(r.Context(), kit.Actor(r), ref, part, kit.FormOf(r).ID("from")); err != nil {
		return err
	}
	return p.Kit.Done(w, r, partPath(ref, part), "The words are yours now. Save them when they are right.")
}

func draftRef(r *http.Request) (pep.Ref, pep.Part, error) {
	ref, err := refOf(r)
	return ref, pep.Part(chi.URLParam(r, "part")), err
}

// partPath is the page of a part.
func partPath(ref pep.Ref, part pep.Part) string {
	if slices.Contains(pep.TypedParts, part) || part == pep.PartRoom {
		return planPath(ref) + "/" + string(part)
	}
	return planPath(ref) + "/sections/" + string(part)
}

func (v partView) draftPath(act string) string {
	path := fmt.Sprintf("%s/drafts/%s", v.Path, v.Part)
	if act != "" {
		path += "/" + act
	}
	return path
}

// draftWords says whose words the form shows, and how long they are kept.
func (v partView) draftWords() string {
	return "These are your unsaved words of " + calendar.Moment(v.Draft.SavedAt) + ". Go on writing and save them when they are ready. Only you can read them; they are kept until " +
		calendar.Of(v.Draft.ExpiresAt).Words() + "."
}

func (v partView) sinceWords() string {
	when := ""
	if !v.Since.At.IsZero() {
		when = " on " + calendar.Moment(v.Since.At)
	}
	if v.Form == nil {
		return "You typed this and did not save it before the plan moved on. Copy what is still needed: it is kept for some days only."
	}
	return v.Since.By + " saved this part" + when + ", after you had begun. Both texts are below, and your own is in the form. Put together what should stay, then save."
}
