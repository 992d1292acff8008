package voice

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep/voice"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// doorView is the young person's page.
type doorView struct {
	voice.Door
	Words  doorWords
	Form   *kit.Form
	Action string
}

// door shows the page of a link. Opening it uses nothing up: programs that look at links open them too.
func (p *Pages) door(w http.ResponseWriter, r *http.Request) error {
	return p.behind(w, r, func() error { return p.showDoor(w, r, kit.NewForm(nil)) })
}

// send keeps what the young person said and answers at once: the link is used, so there is no page to
// lead on to. The same form sent twice is answered twice.
func (p *Pages) send(w http.ResponseWriter, r *http.Request) error {
	return p.behind(w, r, func() error {
		form := kit.FormOf(r)
		said := readSaid(form)
		err := p.Voice.Send(r.Context(), chi.URLParam(r, "token"), form.Key, said)
		if form.Refuses(err) {
			return p.showDoor(w, r, form)
		}
		if err != nil {
			return err
		}
		return p.Kit.Show(w, r, kit.Page{Title: "Thank you", OutOfApp: true}, thanksPage(said.Audience))
	})
}

// behind does what a request asks of a link. Whoever tries many that do not work has to wait; each that
// does not work, whatever the reason, is answered with the same page.
func (p *Pages) behind(w http.ResponseWriter, r *http.Request, does func() error) error {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	worked, err := p.Accounts.TryLink(r.Context(), chi.URLParam(r, "token"), address(r))
	if errors.Is(err, fault.KindTooMany) {
		return p.showWait(w, r, err)
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

func (p *Pages) showDoor(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	door, err := p.Voice.Open(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	v := doorView{Door: door, Words: wordsAt[door.Page.Level], Form: form, Action: r.URL.Path}
	return p.Kit.Show(w, r, kit.Page{Title: v.Words.Title, Form: form, OutOfApp: true}, doorPage(v))
}

// showWait asks to wait, and keeps what was typed for the next try.
func (p *Pages) showWait(w http.ResponseWriter, r *http.Request, tooMany error) error {
	seconds := int(math.Ceil(fault.RetryAfter(tooMany).Seconds()))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	var typed []ui.Hidden
	key := ""
	if form := kit.FormOf(r); form != nil {
		key = form.Key
		for _, name := range fieldNames() {
			if value := form.Value(name); value != "" {
				typed = append(typed, ui.Hidden{Name: name, Value: value})
			}
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Please wait", Status: http.StatusTooManyRequests, OutOfApp: true}, waitPage(seconds, r.URL.Path, key, typed))
}

// fieldNames are the fields of the page, in order.
func fieldNames() []string {
	var names []string
	for _, question := range voice.PageAt(voice.Plain).Questions {
		names = append(names, question.Key)
	}
	for n := range voice.MostWishes {
		names = append(names, wishField(n))
	}
	return append(names, "audience")
}

func wishField(n int) string { return kit.Row("wish", n+1) }

// readSaid reads the page. What cannot be kept in a text, such as a control character that came with a
// paste, is left out rather than sent back to a child to look for.
func readSaid(form *kit.Form) voice.Said {
	said := voice.Said{Words: map[string]string{}, Feelings: map[string]voice.Feeling{}, Audience: voice.Audience(form.Value("audience"))}
	for _, question := range voice.PageAt(voice.Plain).Questions {
		if !question.Scale {
			said.Words[question.Key] = clean(form.Value(question.Key))
			continue
		}
		if chosen := form.Value(question.Key); chosen != "" {
			feeling, err := strconv.Atoi(chosen)
			if err != nil {
				feeling = -1 // no face: Check says so
			}
			said.Feelings[question.Key] = voice.Feeling(feeling)
		}
	}
	for n := range voice.MostWishes {
		said.Wishes = append(said.Wishes, clean(form.Value(wishField(n))))
	}
	return said
}

func clean(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text))
}
