package peps

import (
	"net/http"

	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

func (p *Pages) voice(w http.ResponseWriter, r *http.Request) error {
	return p.showVoice(w, r, nil, trouble{})
}

func (p *Pages) showVoice(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var heard heard
	var more postgres.Batch
	heard.queue(&more, ref)
	v, err := p.open(r, partForm{
		Part: pep.PartVoice,
		Fill: func(v partView, form *kit.Form) { fillVoice(form, v.Whole.Plan.Voice) },
		Against: func(v partView, form *kit.Form) *pep.Collision {
			return v.Whole.Against(pep.OfVoice(0, readVoice(form)))
		},
	}, form, t, &more)
	if err != nil {
		return err
	}
	if form == nil && v.Form != nil {
		heard.takeOver(v.Form, r.URL.Query().Get("reply"))
	}
	return p.showPart(w, r, v, voicePage(v, heard))
}

func fillVoice(form *kit.Form, voice pep.Voice) {
	form.Set("words", voice.Words)
	form.Set("how", voice.How)
	form.Set("with", voice.With)
	form.SetDate("on", voice.On)
}

func readVoice(form *kit.Form) pep.Voice {
	return pep.Voice{
		Words: form.Text("words", "The child's words", pep.VoiceMax),
		How:   form.Value("how"),
		On:    form.OptionalDate("on", "The day the child was asked"),
		With:  form.Text("with", "Who asked", pep.NameMax),
	}
}

func (p *Pages) saveVoice(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	voice := readVoice(form)
	if err = form.Err(); err == nil {
		err = p.PEPs.SaveVoice(r.Context(), kit.Actor(r), ref, form.Version(), voice)
	}
	return p.kept(w, r, pep.PartVoice, form, voice == pep.Voice{}, err, func(form *kit.Form, t trouble) error { return p.showVoice(w, r, form, t) })
}

// usualParts are the people a meeting usually has, as the first look at the form offers them.
var usualParts = []string{"young_person", "carer", "social_worker", "designated_teacher", "advisor"}

func (p *Pages) meeting(w http.ResponseWriter, r *http.Request) error {
	return p.showMeeting(w, r, nil, trouble{})
}

func (p *Pages) showMeeting(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	v, err := p.open(r, partForm{
		Part: pep.PartMeeting, Row: "name", Most: pep.MostAttended,
		Fill: func(v partView, form *kit.Form) { fillMeeting(form, v.Whole.Meeting()) },
		Against: func(v partView, form *kit.Form) *pep.Collision {
			meeting, _ := readMeeting(form)
			return v.Whole.Against(pep.OfMeeting(0, meeting))
		},
	}, form, t, nil)
	if err != nil {
		return err
	}
	return p.showPart(w, r, v, meetingPage(v))
}

func fillMeeting(form *kit.Form, meeting pep.Meeting) {
	form.SetDate("on", meeting.On)
	form.SetDate("next", meeting.Next)
	form.Set("held", yesNo(meeting.Held))
	for n, person := range meeting.Attendees {
		form.Set(kit.Row("name", n), person.Name)
		form.Set(kit.Row("part", n), person.Part)
		form.Set(kit.Row("came", n), yesNo(person.Present))
	}
	if len(meeting.Attendees) == 0 {
		for n, part := range usualParts {
			form.Set(kit.Row("part", n), part)
			form.Set(kit.Row("came", n), "yes")
		}
	}
	setRows(form, len(meeting.Attendees), len(usualParts), pep.MostAttended)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func (p *Pages) saveMeeting(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	show := func(form *kit.Form, t trouble) error { return p.showMeeting(w, r, form, t) }
	if p.adding(r, pep.PartMeeting, form, "name", pep.MostAttended) {
		return show(form, trouble{})
	}
	meeting, rows := readMeeting(form)
	if err = form.Err(); err == nil {
		err = inRows(p.PEPs.SaveMeeting(r.Context(), kit.Actor(r), ref, form.Version(), meeting), rows)
	}
	empty := meeting.On.IsZero() && meeting.Next.IsZero() && !meeting.Held && len(meeting.Attendees) == 0
	return p.kept(w, r, pep.PartMeeting, form, empty, err, show)
}

func readMeeting(form *kit.Form) (meeting pep.Meeting, rows []int) {
	meeting.On = form.OptionalDate("on", "Day of the meeting")
	meeting.Next = form.OptionalDate("next", "Day of the next meeting")
	meeting.Held = form.Choice("held", "whether the meeting was held", "yes", "no") == "yes"
	for n := range rowsOf(form) {
		if blank(form, n, "name") {
			continue
		}
		meeting.Attendees = append(meeting.Attendees, pep.Attendee{
			Name:    form.Text(kit.Row("name", n), "Name", pep.NameMax),
			Part:    form.Value(kit.Row("part", n)),
			Present: form.Value(kit.Row("came", n)) != "no",
		})
		rows = append(rows, n)
	}
	return meeting, rows
}
