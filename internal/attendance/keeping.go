package attendance

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// OldestYear is the first academic year whose marks are kept.
const OldestYear = 2000

// Keep keeps the marks of one delivery, all or none: where any is refused, nothing changes, the result
// says which and why, and the error is Invalid. A mark that replaces another leaves it as a correction;
// a less specific source never replaces a more specific one's mark. It needs RecordAttendance or
// ImportFiles; a school's own people keep marks for the settings that are theirs today. For many
// thousands of marks use Open in a transaction of one's own.
func (s *Service) Keep(ctx context.Context, actor access.Actor, delivery Delivery, marks []Mark) (result Result, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		keeping, err := Open(ctx, tx, delivery)
		if err != nil {
			return err
		}
		if err = keeping.Add(ctx, marks); err != nil {
			return err
		}
		if result, err = keeping.Close(ctx); err != nil {
			return err
		}
		if len(result.Refused) > 0 {
			return fault.Invalid("marks", result.Refused[0].Text)
		}
		return nil
	})
	return result, err
}

// Keeping is a delivery whose marks come in pieces, within one transaction: Add each piece, then Close.
// Whoever opened it rolls the transaction back when something was refused, or when only a preview was
// wanted. Everything that marks change is changed here and nowhere else.
type Keeping struct {
	tx       *postgres.Tx
	delivery Delivery
	own      map[int64]bool // the settings of a school's own people; nil: any
	known    map[int64]bool // children and
	opened   map[int64]*openDays
	rolls    map[place][]calendar.Range
	several  map[int64]bool // children on roll at two settings or more, ever
	years    map[int]bool
	judged   judgement
	given    int
	first    calendar.Date // of the days that were written
	last     calendar.Date
	result   Result

	movements map[halfKey]*movement
	latest    *movement
	latestKey halfKey

	portions map[place]*Portion
	portion  *Portion // the one that was added to last
}

type place struct{ childID, settingID int64 }

type placeDay struct {
	place
	day calendar.Date
}

// judgement is what was said of the last mark's day, which the next one mostly is of too. At first it is of no day.
type judgement struct {
	at   placeDay
	rule Rule
	half HalfTerm
}

type halfKey struct {
	place
	academicYear int
	halfTerm     HalfTerm
}

// movement is what a delivery adds to a half term's figures, and the latest day it speaks of.
type movement struct {
	Tally
	last calendar.Date
}

// Portion is what now stands as a delivery has it of one child at one setting, counted in sessions.
type Portion struct {
	ChildID, SettingID int64
	First, Last        calendar.Date
	Kept               int
	Corrected          int // of those kept, the ones that replaced another mark
}

// Open begins a delivery. It fails with Forbidden for who may not record attendance, and with Invalid
// about source or label.
func Open(ctx context.Context, tx *postgres.Tx, delivery Delivery) (*Keeping, error) {
	if !access.Can(tx.Actor, access.ImportFiles) {
		if err := access.Check(tx.Actor, access.RecordAttendance, access.Facts{}); err != nil {
			return nil, err
		}
	}
	delivery.Label = strings.TrimSpace(delivery.Label)
	switch {
	case delivery.Source.rank() == 0:
		return nil, fault.Invalid("source", "Choose where the marks are from")
	case utf8.RuneCountInString(delivery.Label) > 200:
		return nil, fault.Invalid("label", "Use 200 characters or fewer")
	}
	k := &Keeping{tx: tx, delivery: delivery, known: map[int64]bool{}, opened: map[int64]*openDays{}, rolls: map[place][]calendar.Range{},
		several: map[int64]bool{}, years: map[int]bool{}, judged: judgement{rule: TooOld}, movements: map[halfKey]*movement{}, portions: map[place]*Portion{}}
	if tx.Actor.Role == access.School {
		settings, err := postgres.ListValues[int64](ctx, tx, `select setting_id from account_setting where account_id = @actor and period @> @today::date`, postgres.Args{"actor": tx.Actor.ID})
		if err != nil {
			return nil, err
		}
		k.own = map[int64]bool{}
		for _, id := range settings {
			k.own[id] = true
		}
	}
	var err error
	k.result.DeliveryID, err = postgres.GetValue[int64](ctx, tx, `insert into attendance_delivery (kind, rank, setting_id, label, delivered_by, delivered_at)
		values (@kind, @rank, nullif(@setting::bigint, 0), @label, @by, @now) returning id::bigint`,
		postgres.Args{"kind": string(delivery.Source), "rank": delivery.Source.rank(), "setting": delivery.SettingID, "label": delivery.Label, "by": tx.Actor.ID})
	if err != nil {
		return nil, err
	}
	return k, k.plan(ctx, "force_custom_plan")
}

// Result is what came of the marks so far.
func (k *Keeping) Result() Result { return k.result }

// Portions are what was kept so far, by child and setting.
func (k *Keeping) Portions() []Portion {
	portions := make([]Portion, 0, len(k.portions))
	for _, s := range k.portions {
		portions = append(portions, *s)
	}
	slices.SortFunc(portions, func(a, b Portion) int {
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.ChildID, b.ChildID), cmp.Compare(a.SettingID, b.SettingID))
	})
	return portions
}

// Add keeps a piece of the delivery: some tens of thousands of marks go in a handful of statements.
// Refused marks are in Result and not kept; the others of the piece are.
func (k *Keeping) Add(ctx context.Context, marks []Mark) error {
	if err := k.learn(ctx, marks); err != nil {
		return err
	}
	days := k.sort(marks)
	k.given += len(marks)
	if days.len() == 0 {
		return nil
	}
	if err := k.openYears(ctx, days); err != nil {
		return err
	}
	if k.first.IsZero() || days.first.Before(k.first) {
		k.first = days.first
	}
	k.last = calendar.Latest(k.last, days.last)
	return k.write(ctx, marks, days)
}

// plan says how statements are planned until the delivery is closed: the table grows under those of a long
// one, so they are planned anew for what is there.
func (k *Keeping) plan(ctx context.Context, mode string) error {
	_, err := k.tx.Do(ctx, `select set_config('plan_cache_mode', @mode, true)`, postgres.Args{"mode": mode})
	return err
}

// learn loads what the marks are judged by: the calendars and rolls not loaded before.
func (k *Keeping) learn(ctx context.Context, marks []Mark) error {
	var children, settings []int64
	var lastChild, lastSetting int64
	for _, m := range marks {
		if m.ChildID != lastChild && !k.known[m.ChildID] {
			k.known[m.ChildID] = true
			children = append(children, m.ChildID)
		}
		if m.SettingID != lastSetting && k.opened[m.SettingID] == nil && !slices.Contains(settings, m.SettingID) {
			settings = append(settings, m.SettingID)
		}
		lastChild, lastSetting = m.ChildID, m.SettingID
	}
	if len(settings) > 0 {
		if err := oneAtATime(ctx, k.tx, settings); err != nil {
			return err
		}
		calendars, err := setting.LoadCalendars(ctx, k.tx, settings)
		if err != nil {
			return err
		}
		made := map[*setting.Calendar]*openDays{}
		for id, c := range calendars {
			if made[c] == nil {
				made[c] = newOpenDays(c)
			}
			k.opened[id] = made[c]
		}
	}
	if len(children) == 0 {
		return nil
	}
	type stay struct {
		ChildID, SettingID int64
		Starts, Ends       calendar.Date
	}
	stays, err := postgres.List[stay](ctx, k.tx, `select child_id, setting_id, lower(period) as starts, upper(period) as ends from roll where child_id = any(@children) order by child_id`,
		postgres.Args{"children": children})
	if err != nil {
		return err
	}
	last := place{}
	for _, one := range stays {
		at := place{one.ChildID, one.SettingID}
		if last.childID == at.childID && last.settingID != at.settingID {
			k.several[at.childID] = true
		}
		k.rolls[at] = append(k.rolls[at], calendar.Range{Start: one.Starts, End: one.Ends})
		last = at
	}
	return nil
}

// judge says what a mark is refused for; ignored says that it is none about the child.
func (k *Keeping) judge(m Mark) (rule Rule, half HalfTerm, ignored bool) {
	if m.Session != mark.AM && m.Session != mark.PM {
		return NoSession, "", false
	}
	class, known := mark.National.Class(m.Code, m.Day, m.Session)
	if !known {
		return UnknownCode, "", false
	}
	if at := (placeDay{place{m.ChildID, m.SettingID}, m.Day}); k.judged.at != at {
		rule, half := k.judgeDay(at)
		k.judged = judgement{at, rule, half}
	}
	ignored = class == mark.Administrative && (k.judged.rule == NotOnRoll || k.judged.rule == ClosedDay)
	return k.judged.rule, k.judged.half, ignored
}

// judgeDay says what any mark of a child, setting and day is refused for, or which half term it is of.
func (k *Keeping) judgeDay(at placeDay) (rule Rule, half HalfTerm) {
	switch {
	case at.day.After(k.tx.Today):
		return FutureDay, ""
	case calendar.AcademicYear(at.day) < OldestYear:
		return TooOld, ""
	case k.delivery.SettingID != 0 && at.settingID != k.delivery.SettingID:
		return OtherSetting, ""
	case k.own != nil && !k.own[at.settingID]:
		return NotYourSchool, ""
	case !slices.ContainsFunc(k.rolls[at.place], func(r calendar.Range) bool { return r.Contains(at.day) }):
		return NotOnRoll, ""
	}
	about := k.opened[at.settingID].on(at.day)
	if !about.open {
		return ClosedDay, ""
	}
	return "", about.halfTerm
}

// arriving is marks put together to days, as columns for the database.
type arriving struct {
	children []int64
	settings []int32
	days     []calendar.Date
	halves   []string
	codes    [2][]string // AM and PM; empty: no mark
	index    [2][]int    // where the mark stands in what was given
	first    calendar.Date
	last     calendar.Date
}

func newArriving(days int) *arriving {
	a := &arriving{children: make([]int64, 0, days), settings: make([]int32, 0, days), days: make([]calendar.Date, 0, days), halves: make([]string, 0, days)}
	for s := range a.codes {
		a.codes[s], a.index[s] = make([]string, 0, days), make([]int, 0, days)
	}
	return a
}

func (a *arriving) len() int { return len(a.children) }

// sort judges marks and puts those that stand together to days.
func (k *Keeping) sort(marks []Mark) *arriving {
	a := newArriving(len(marks)/2 + 1)
	var rows map[placeDay]int // made once a mark is not of the last day or a later one, as registers come
	var last placeDay
	for i, m := range marks {
		rule, half, ignored := k.judge(m)
		if ignored {
			k.result.Ignored++
			continue
		}
		if rule != "" {
			k.refuse(k.given+i, rule, m)
			continue
		}
		at := placeDay{place{m.ChildID, m.SettingID}, m.Day}
		row, found := a.len()-1, a.len() > 0 && at == last
		if !found && rows == nil && a.len() > 0 && (at.childID < last.childID || (at.childID == last.childID && !at.day.After(last.day))) {
			rows = make(map[placeDay]int, len(marks)/2)
			for n := range a.children {
				rows[placeDay{place{a.children[n], int64(a.settings[n])}, a.days[n]}] = n
			}
		}
		if !found && rows != nil {
			row, found = rows[at]
		}
		last = at
		if !found {
			row = a.len()
			if rows != nil {
				rows[at] = row
			}
			a.children, a.settings, a.days, a.halves = append(a.children, m.ChildID), append(a.settings, int32(m.SettingID)), append(a.days, m.Day), append(a.halves, string(half))
			for s := range a.codes {
				a.codes[s], a.index[s] = append(a.codes[s], ""), append(a.index[s], -1)
			}
			if a.first.IsZero() || m.Day.Before(a.first) {
				a.first = m.Day
			}
			if m.Day.After(a.last) {
				a.last = m.Day
			}
		}
		s := 0
		if m.Session == mark.PM {
			s = 1
		}
		switch before := a.codes[s][row]; before {
		case "":
			a.codes[s][row], a.index[s][row] = string(m.Code), i
		case string(m.Code):
			k.result.Same++
		default:
			k.refuse(k.given+i, Twice, m)
		}
	}
	return a
}

func (k *Keeping) refuse(index int, rule Rule, m Mark) {
	k.result.Refused = append(k.result.Refused, refuse(index, rule, m))
}

// Close moves the half terms' figures by what the delivery changed, and says what came of it.
func (k *Keeping) Close(ctx context.Context) (Result, error) {
	slices.SortFunc(k.result.Refused, func(a, b Refusal) int { return a.Index - b.Index })
	if err := k.plan(ctx, "auto"); err != nil {
		return k.result, err
	}
	if err := moveFigures(ctx, k.tx, k.movements); err != nil {
		return k.result, err
	}
	if err := k.tx.DoOne(ctx, `update attendance_delivery set marks = @marks, first_day = @first, last_day = @last where id = @id`,
		postgres.Args{"id": k.result.DeliveryID, "marks": k.given, "first": k.first, "last": k.last}); err != nil {
		return k.result, err
	}
	halfTerms := map[int64]int{}
	for key := range k.movements {
		halfTerms[key.childID]++
	}
	var entries []audit.Entry
	for childID, count := range halfTerms {
		entries = append(entries, audit.Entry{ChildID: childID, Subject: "attendance_delivery", SubjectID: k.result.DeliveryID, Action: "marks kept",
			After: map[string]any{"source": k.delivery.Source, "half_terms": count}})
	}
	slices.SortFunc(entries, func(a, b audit.Entry) int { return int(a.ChildID - b.ChildID) })
	return k.result, audit.Change(ctx, k.tx, entries...)
}
