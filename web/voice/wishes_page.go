package voice

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// wishesView is all that one child asked for.
type wishesView struct {
	Strip   ui.IdentityStripProps
	Actor   access.Actor
	Today   calendar.Date
	ChildID int64
	PEPID   int64 // the plan to which a new wish belongs; 0: between plans
	Wishes  []voice.Wish
	Working calendar.WorkingDays
	Days    int // working days for an answer
	Source  string
	Sent    sent
}

// sent is a form of this page that came back, with what is wrong or why it is too late.
type sent struct {
	Act   string // "record", "answer", "told" or "withdraw"; empty: none
	Wish  int64
	Form  *kit.Form
	Words string // why it is too late
}

func (p *Pages) wishes(w http.ResponseWriter, r *http.Request) error {
	return p.showWishes(w, r, sent{})
}

func (p *Pages) showWishes(w http.ResponseWriter, r *http.Request, came sent) error {
	v := wishesView{Actor: kit.Actor(r), Today: p.Kit.Today(), ChildID: kit.ChildID(r), Sent: came}
	v.PEPID, _ = strconv.ParseInt(r.URL.Query().Get("pep"), 10, 64)
	if came.Act == "record" {
		v.PEPID = came.Form.ID("pep")
	}
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	voice.QueueOfChild(&batch, &v.Wishes, v.ChildID)
	setting.QueueCalendar(&batch, &dates, p.Kit.Site.AuthorityCode, 0)
	policy.Queue(&batch, &values)
	var err error
	if v.Strip, err = p.Kit.ViewChild(r, "wishes", &batch); err != nil {
		return err
	}
	v.Working, v.Days, v.Source = dates.WorkingDays(), values.VoiceAnswerWorkingDays(), values.Source(policy.VoiceAnswerWorkingDays)
	page := kit.Page{Title: "You said, we did", Back: childPath(v.ChildID), Form: came.Form}
	if came.Words != "" {
		page.Status = http.StatusConflict
	}
	if came.Wish != 0 && !slices.ContainsFunc(v.Wishes, func(wish voice.Wish) bool { return wish.ID == came.Wish }) {
		return fault.NotFound()
	}
	return p.Kit.Show(w, r, page, wishesPage(v))
}

// record adds a wish.
func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	wish := voice.NewWish{ChildID: kit.ChildID(r), PEPID: form.ID("pep"), Words: form.Required("words", "What the child asked for", voice.WordsMax),
		SaidOn: form.Date("said", "The day the child said it"), Audience: voice.Audience(form.Choice("audience", "Who may see it", audiences()...))}
	err := form.Err()
	if err == nil {
		_, err = p.Voice.Record(r.Context(), kit.Actor(r), wish)
	}
	return p.answered(w, r, sent{Act: "record", Form: form}, err, "The wish is written down. It stays open until somebody answers it.")
}

// answer answers a wish.
func (p *Pages) answer(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form, at := kit.FormOf(r), func(name string) string { return field(name, ref.WishID) }
	in := voice.NewAnswer{Kind: voice.Kind(form.Choice(at("kind"), "What comes of it", kinds()...)), Words: form.Text(at("answer"), "The answer", voice.WordsMax),
		HappensBy: form.OptionalDate(at("by"), "The day by which it will happen")}
	if in.Kind != voice.WillHappen {
		in.HappensBy = calendar.Date{} // a day left over from another choice says nothing
	}
	if form.Checked(at("told"), "yes") {
		in.ToldOn = p.Kit.Today()
	}
	if err = form.Err(); err == nil {
		err = p.Voice.Answer(r.Context(), kit.Actor(r), ref, form.Version(), in)
	}
	return p.answered(w, r, sent{Act: "answer", Wish: ref.WishID, Form: form}, err, "Answered")
}

// tell says when the child was told.
func (p *Pages) tell(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	on := form.Date(field("told", ref.WishID), "The day the child was told")
	if err = form.Err(); err == nil {
		err = p.Voice.Tell(r.Context(), kit.Actor(r), ref, on)
	}
	return p.answered(w, r, sent{Act: "told", Wish: ref.WishID, Form: form}, err, "Saved: the child has been told")
}

// withdraw closes a wish that the child no longer has.
func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	note := form.Text(field("note", ref.WishID), "The note", voice.NoteMax)
	if err = form.Err(); err == nil {
		err = p.Voice.Withdraw(r.Context(), kit.Actor(r), ref, form.Version(), note)
	}
	return p.answered(w, r, sent{Act: "withdraw", Wish: ref.WishID, Form: form}, err, "Withdrawn")
}

// answered leads back to the wishes, or shows the form again with what is wrong or why it is too late.
func (p *Pages) answered(w http.ResponseWriter, r *http.Request, came sent, err error, message string) error {
	at := wishesPath(kit.ChildID(r))
	switch {
	case err == nil:
		if came.Wish != 0 {
			at += "#" + field("wish", came.Wish)
		}
		return p.Kit.Done(w, r, at, message)
	case came.Form.Refuses(err):
		if came.Wish != 0 {
			for _, name := range []string{"kind", "answer", "by", "told", "note"} {
				came.Form.Rename(name, field(name, came.Wish))
			}
		}
		return p.showWishes(w, r, came)
	case errors.Is(err, fault.KindConflict):
		came.Words = fault.Words(err)
		return p.showWishes(w, r, came)
	}
	return err
}

func refOf(r *http.Request) (voice.Ref, error) {
	id, err := kit.PathID(r, "wishID")
	return voice.Ref{ChildID: kit.ChildID(r), WishID: id}, err
}

// field is the name of a field of one wish's form: the page has a form for each.
func field(name string, wishID int64) string { return fmt.Sprintf("%s-%d", name, wishID) }

func audiences() []string { return []string{string(voice.Everyone), string(voice.SocialWork)} }

func kinds() []string {
	return []string{string(voice.Done), string(voice.WillHappen), string(voice.Cannot)}
}

// form is one of the page's forms: the one that came back, or a fresh one of this wish.
func (v wishesView) form(act string, wish voice.Wish) *kit.Form {
	if v.Sent.Act == act && v.Sent.Wish == wish.ID {
		if v.Sent.Words != "" { // sending it again is a new decision, about what is saved now
			v.Sent.Form.SetVersion(wish.Version)
			v.Sent.Form.Renew()
		}
		return v.Sent.Form
	}
	form := kit.NewForm(nil)
	form.SetVersion(wish.Version)
	switch act {
	case "record":
		form.SetDate("said", v.Today)
		form.Set("audience", string(voice.Everyone))
		form.Set("pep", strconv.FormatInt(v.PEPID, 10))
	case "told":
		form.SetDate(field("told", wish.ID), v.Today)
	}
	return form
}

// came says whether this is the form that came back, so that it is shown open, and even where it could
// not be sent again.
func (v wishesView) came(act string, wish voice.Wish) bool {
	return v.Sent.Act == act && v.Sent.Wish == wish.ID
}

func (v wishesView) mayAnswer() bool { return access.Can(v.Actor, access.AnswerWish) }

func (v wishesView) mayRecord() bool { return access.Can(v.Actor, access.RecordWish) }

// lead answers the page's question in one sentence.
func (v wishesView) lead() string {
	open, late := 0, 0
	for _, wish := range v.Wishes {
		if wish.State == voice.Open {
			open++
		}
		if wish.Late(v.Working, v.Days, v.Today) {
			late++
		}
	}
	lead := "Every wish has an answer."
	switch {
	case len(v.Wishes) == 0:
		return "Nothing has been written down yet of what this child asked for."
	case open == 1:
		lead = "1 wish waits for an answer."
	case open > 1:
		lead = fmt.Sprintf("%d wishes wait for an answer.", open)
	}
	if late > 0 {
		lead += fmt.Sprintf(" %d past the day.", late)
	}
	return lead
}

// tags are how a wish stands, in words and colour.
func (v wishesView) tags(wish voice.Wish) []ui.TagProps {
	var tags []ui.TagProps
	answer, answered := wish.Answer()
	late := wish.Late(v.Working, v.Days, v.Today)
	switch {
	case wish.State == voice.Withdrawn:
		tags = append(tags, ui.TagProps{Text: "Withdrawn", Kind: ui.Grey})
	case !answered && late:
		tags = append(tags, ui.TagProps{Text: "Answer is late", Kind: ui.Red})
	case !answered:
		tags = append(tags, ui.TagProps{Text: "Waits for an answer", Kind: ui.Yellow})
	case late:
		tags = append(tags, ui.TagProps{Text: "Promise is late", Kind: ui.Red})
	default:
		tags = append(tags, ui.TagProps{Text: answer.Kind.Name(), Kind: map[voice.Kind]ui.TagKind{voice.Done: ui.Green, voice.WillHappen: ui.Blue, voice.Cannot: ui.Grey}[answer.Kind]})
	}
	if answered && wish.State == voice.Answered && !answer.Told() {
		tags = append(tags, ui.TagProps{Text: "Child not told yet", Kind: ui.Orange})
	}
	if wish.Audience != voice.Everyone {
		tags = append(tags, ui.TagProps{Text: wish.Audience.Name(), Kind: ui.Purple})
	}
	return tags
}

// said is when a wish was said and who wrote it down.
func said(wish voice.Wish) string {
	if wish.FromLink {
		return "Written by the young person, " + wish.SaidOn.Words()
	}
	return "Said " + wish.SaidOn.Words() + ", written down by " + wish.RecordedBy
}

// due is by when an answer is expected, and which rule says so.
func (v wishesView) due(wish voice.Wish) string {
	due := wish.Due(v.Working, v.Days)
	if _, promised := wish.Promised(); promised {
		return "Promised for " + due.WordsWithDay() + ", " + due.Relative(v.Today) + "."
	}
	waiting := wish.Waiting(v.Working, v.Today)
	return fmt.Sprintf("Waiting for %s. Answer by %s: %d working days after it was said (%s).", ui.Plural(waiting, "working day", "working days"), due.WordsWithDay(), v.Days, v.Source)
}

// told is whether and when the child was told of an answer.
func told(answer voice.Answer) string {
	if !answer.Told() {
		return "The child has not been told yet."
	}
	return "The child was told on " + answer.ToldOn.Words() + " by " + answer.ToldBy + "."
}

func answerHead(answer voice.Answer) string {
	if answer.Kind == voice.WillHappen {
		return answer.Kind.Name() + " by " + answer.HappensBy.Words()
	}
	return answer.Kind.Name()
}
