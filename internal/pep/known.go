package pep

import (
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/returncode"
)

// knownRow is what the record holds of the lower floors' facts.
type knownRow struct {
	Today         calendar.Date
	DateOfBirth   calendar.Date
	YearOffset    int
	School        string
	SchoolSince   calendar.Date
	Rolls         []knownRoll
	SEN, Need     string
	SENSince      calendar.Date
	Placement     string
	PlacedSince   calendar.Date
	Worker        string
	WorkerSince   calendar.Date
	Teacher       string
	TeacherSince  calendar.Date
	LastMeetingOn calendar.Date
	LastTargets   []knownTarget
}

type knownRoll struct {
	School      string
	From, Until calendar.Date // Until zero: still
}

type knownTarget struct{ What, Measure string }

const knownSQL = `select @today::date as today, c.date_of_birth, c.year_offset, coalesce(s.name, '') as school, lower(r.period) as school_since,
	(select array_agg((o.name, lower(x.period), upper(x.period)) order by lower(x.period) desc)
		from roll x join setting o on o.id = x.setting_id where x.child_id = c.id and x.kind = 'main') as rolls,
	coalesce(n.status, '') as sen, coalesce(n.primary_need, '') as need, lower(n.period) as sen_since,
	coalesce(pl.code, '') as placement, lower(pl.period) as placed_since,
	coalesce(w.name, '') as worker, lower(al.period) as worker_since,
	coalesce(dt.name, '') as teacher, dt.since as teacher_since,
	last.meeting_on as last_meeting_on, last.targets as last_targets
	from child c
	left join roll r on r.child_id = c.id and r.kind = 'main' and r.period @> @today::date
	left join setting s on s.id = r.setting_id
	left join sen_status n on n.child_id = c.id and n.period @> @today::date
	left join placement pl on pl.child_id = c.id and pl.period @> @today::date
	left join allocation al on al.child_id = c.id and al.part = 'social_worker' and al.period @> @today::date
	left join account w on w.id = al.account_id
	left join lateral (select a.name, lower(m.period) as since from account_setting m join account a on a.id = m.account_id
		where m.setting_id = r.setting_id and m.post = 'designated_teacher' and m.period @> @today::date and a.state <> 'ended'
		order by lower(m.period) desc, a.id limit 1) dt on true
	left join lateral (select p.meeting_on, (select array_agg((t.what, t.measure) order by t.position) from pep_target t where t.pep_id = p.id) as targets
		from pep p where p.child_id = c.id and p.state in ('signed_off', 'superseded') order by p.meeting_on desc, p.id desc limit 1) last on true
	where c.id = @child`

// QueueKnown queues the facts of the record that a plan may take over; those of attendance and
// suspensions are their own packages'.
func QueueKnown(batch *postgres.Batch, childID int64) func() forms.KnownFacts {
	var row *knownRow
	postgres.Maybe(batch, &row, knownSQL, postgres.Args{"child": childID})
	return func() forms.KnownFacts { return row.facts() }
}

func (row *knownRow) facts() forms.KnownFacts {
	facts := forms.KnownFacts{}
	if row == nil {
		return facts
	}
	add := func(known forms.Known, value, source string, asAt calendar.Date) {
		if value != "" {
			facts[known] = forms.KnownFact{Value: value, Source: source, AsAt: asAt}
		}
	}
	var schools, targets []string
	for _, roll := range row.Rolls {
		until := "now"
		if !roll.Until.IsZero() {
			until = roll.Until.AddDays(-1).Words()
		}
		schools = append(schools, roll.School+", "+roll.From.Words()+" to "+until)
	}
	for _, target := range row.LastTargets {
		targets = append(targets, strings.TrimSuffix(target.What+": "+target.Measure, ": "))
	}
	add(forms.KnownSchool, row.School, "the school roll", row.SchoolSince)
	add(forms.KnownSchoolHistory, strings.Join(schools, "\n"), "the school roll", row.Today)
	add(forms.KnownYearGroup, calendar.YearGroup(calendar.CurriculumYear(row.DateOfBirth, row.Today)+row.YearOffset), "the date of birth", row.Today)
	add(forms.KnownSEN, strings.ToLower(row.SEN), "the child's record", row.SENSince)
	add(forms.KnownSENNeed, row.Need, "the child's record", row.SENSince)
	add(forms.KnownSocialWorker, row.Worker, "the child's record", row.WorkerSince)
	add(forms.KnownTeacher, row.Teacher, "the school's accounts", row.TeacherSince)
	add(forms.KnownLastTargets, strings.Join(targets, "\n"), "the last plan", row.LastMeetingOn)
	if row.Placement != "" {
		add(forms.KnownPlacement, returncode.Label("PLACE", row.Placement), "the care record", row.PlacedSince)
	}
	return facts
}
