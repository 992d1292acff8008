package intake

import (
	"cmp"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/intake/rollfile"
)

// pupil is a child as a roll file finds them and, row by row, as it leaves them.
type pupil struct {
	ID            int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	FormerNames   []string
	UPN           string
	UPNQuality    string

	named   bool // a name or the UPN changes
	rolls   []enrolment
	workers []worker
}

// enrolment is a run of days on a school's roll.
type enrolment struct {
	ID        int64 // 0: added by the file
	ChildID   int64
	SettingID int64
	School    string
	Kind      string
	Start     calendar.Date
	End       calendar.Date // the first day no longer on roll; zero: it goes on
	was       calendar.Date // the end before the file
	changed   bool
}

func (e enrolment) days() calendar.Range { return calendar.Range{Start: e.Start, End: e.End} }

func (e enrolment) words() string {
	text := e.School
	if e.Kind == "dual" {
		text += " (dual)"
	}
	text += " from " + e.Start.Words()
	if !e.End.IsZero() {
		text += " to " + e.End.AddDays(-1).Words()
	}
	return text
}

// worker is a run of days in which somebody plays a part for the child.
type worker struct {
	ID        int64 // 0: added by the file
	ChildID   int64
	AccountID int64
	Name      string
	Part      string
	Start     calendar.Date
	End       calendar.Date
	changed   bool
}

// school is a setting that a roll file names.
type school struct {
	ID     int64
	URN    int
	Name   string
	Status string
}

// colleague is somebody whom a roll file names.
type colleague struct {
	ID    int64
	Email string
	Name  string
	Role  access.Role
}

// refusal is why a row cannot be taken in.
type refusal struct{ column, rule, text string }

// directory is what rows are looked up in.
type directory struct {
	today      calendar.Date
	pupils     map[string]*pupil
	schools    map[int]school
	colleagues map[string]colleague
}

// take makes one row come true for the pupil it is about, wholly or, when it is refused, not at all.
// The rules are those of the forms for the same: package child's Edit, ChangeSchool and Allocate.
func (d *directory) take(e rollfile.Entry) (changes []Change, refused *refusal) {
	current, known := d.pupils[e.ChildID]
	if !known {
		return nil, &refusal{"la_child_id", "no-such-child", noSuchChild}
	}
	next := *current
	next.rolls, next.workers = slices.Clone(current.rolls), slices.Clone(current.workers)
	changes = next.rename(e)
	more, refused := d.enrol(&next, e)
	if refused != nil {
		return nil, refused
	}
	changes = append(changes, more...)
	if more, refused = d.allocate(&next, e); refused != nil {
		return nil, refused
	}
	*current = next
	return append(changes, more...), nil
}

// rename sets names and UPN.
func (p *pupil) rename(e rollfile.Entry) (changes []Change) {
	before := p.Forename + " " + p.Surname
	set := func(what string, to *string, value string) {
		if value != "" && value != *to {
			changes = append(changes, Change{what, *to, value})
			*to, p.named = value, true
		}
	}
	set("Forename", &p.Forename, e.Forename)
	set("Surname", &p.Surname, e.Surname)
	set("Preferred name", &p.PreferredName, e.PreferredName)
	if e.UPN != "" {
		set("UPN", &p.UPN, e.UPN)
		p.UPNQuality = string(e.UPNQuality)
	}
	p.FormerNames = child.FormerNames(p.FormerNames, before, p.Forename+" "+p.Surname)
	return changes
}

func (d *directory) enrol(p *pupil, e rollfile.Entry) ([]Change, *refusal) {
	if !e.HasRoll() {
		return nil, nil
	}
	at, known := d.schools[e.SettingURN]
	if !known {
		return nil, &refusal{"setting_urn", "no-such-setting", "No school with this URN is known. Import the register of schools first, or check the URN."}
	}
	var end calendar.Date
	if !e.RollEnd.IsZero() {
		end = e.RollEnd.AddDays(1)
	}
	switch {
	case e.RollStart.After(d.today.AddMonths(6)):
		return nil, &refusal{"roll_start", "far-date", "The first day must be no more than 6 months from today."}
	case e.RollStart.IsZero():
		return p.leave(at, end)
	case at.Status == "closed" && end.IsZero():
		return nil, &refusal{"setting_urn", "closed", "This school has closed. Give the school that took its place, or the last day on roll."}
	}
	return p.join(at, enrolment{ChildID: p.ID, SettingID: at.ID, School: at.Name, Kind: e.RollKind, Start: e.RollStart, End: end})
}

// leave ends the roll of a school.
func (p *pupil) leave(at school, end calendar.Date) ([]Change, *refusal) {
	for i := range p.rolls {
		r := &p.rolls[i]
		if r.SettingID != at.ID || !r.days().Contains(end.AddDays(-1)) {
			continue
		}
		if r.End == end {
			return nil, nil
		}
		before := r.words()
		r.End, r.changed = end, true
		return []Change{{"On roll", before, r.words()}}, nil
	}
	return nil, &refusal{"roll_end", "not-on-roll", "The child is not on this school's roll on that day."}
}

// join puts the child on a roll. A former main school's roll ends on the day the new one begins.
func (p *pupil) join(at school, wanted enrolment) ([]Change, *refusal) {
	var before []string
	for i := range p.rolls {
		r := &p.rolls[i]
		if !r.days().Overlaps(wanted.days()) {
			continue
		}
		switch {
		case r.SettingID == at.ID && r.Start == wanted.Start && r.Kind == wanted.Kind:
			if r.End == wanted.End {
				return nil, nil
			}
			if p.overlapsOther(i, wanted) {
				return nil, &refusal{"roll_end", "overlap", "The child is on another school's roll before that day."}
			}
			was := r.words()
			r.End, r.changed = wanted.End, true
			return []Change{{"On roll", was, r.words()}}, nil
		case r.SettingID == at.ID:
			return nil, &refusal{"roll_start", "already-on-roll", "The child is on this school's roll already, " + strings.TrimPrefix(r.words(), r.School+" ") + "."}
		case r.Kind == "dual" || wanted.Kind == "dual":
			continue
		case !r.Start.Before(wanted.Start):
			return nil, &refusal{"roll_start", "before-present-school", "The first day must be after " + r.Start.Words() + ", when the child joined " + r.School + "."}
		}
		before = append(before, r.words())
		r.End, r.changed = wanted.Start, true
	}
	p.rolls = append(p.rolls, wanted)
	return []Change{{"On roll", strings.Join(before, "; "), wanted.words()}}, nil
}

func (p *pupil) overlapsOther(index int, wanted enrolment) bool {
	for i, r := range p.rolls {
		if i != index && r.days().Overlaps(wanted.days()) && (r.SettingID == wanted.SettingID || r.Kind == "main" && wanted.Kind == "main") {
			return true
		}
	}
	return false
}

func (d *directory) allocate(p *pupil, e rollfile.Entry) (changes []Change, refused *refusal) {
	from := e.From
	if from.IsZero() {
		from = d.today
	}
	if e.HasPeople() && from.After(d.today.AddMonths(6)) {
		return nil, &refusal{"from", "far-date", "The first day must be no more than 6 months from today."}
	}
	for _, named := range []struct{ part, column, email string }{
		{"advisor", "advisor_email", e.AdvisorEmail},
		{"social_worker", "social_worker_email", e.SocialWorkerEmail},
		{"reviewing_officer", "reviewing_officer_email", e.ReviewingOfficerEmail},
	} {
		if named.email == "" {
			continue
		}
		who, known := d.colleagues[named.email]
		switch {
		case !known:
			return nil, &refusal{named.column, "no-such-person", "Nobody with this address has an account. Invite them first."}
		case !slices.Contains(child.RolesFor(named.part), who.Role):
			return nil, &refusal{named.column, "wrong-role", "This person’s account is of a " + who.Role.Name() + ", who cannot be a child’s " + strings.ToLower(child.PartName(named.part)) + "."}
		}
		change, refused := p.allocate(named.part, who, from)
		if refused != nil {
			return nil, refused
		}
		changes = append(changes, change...)
	}
	return changes, nil
}

// allocate gives a person a part from a day; whoever had it stops on that day.
func (p *pupil) allocate(part string, who colleague, from calendar.Date) ([]Change, *refusal) {
	what := child.PartName(part)
	var present *worker
	for i := range p.workers {
		w := &p.workers[i]
		switch {
		case w.Part != part || !w.End.IsZero() && !w.End.After(from):
		case w.Start.After(from):
			return nil, &refusal{"from", "before-present-person", "The first day must be on or after " + w.Start.Words() + ", when " + w.Name + " begins as " + strings.ToLower(what) + "."}
		default:
			present = w
		}
	}
	change := Change{what, "", who.Name + " from " + from.Words()}
	if present != nil {
		change.Before = present.Name
		switch {
		case present.AccountID == who.ID:
			return nil, nil
		case present.Start == from: // put right on the day it was made: it never held for a day
			present.AccountID, present.Name, present.changed = who.ID, who.Name, true
			return []Change{change}, nil
		}
		present.End, present.changed = from, true
	}
	p.workers = append(p.workers, worker{ChildID: p.ID, AccountID: who.ID, Name: who.Name, Part: part, Start: from})
	return []Change{change}, nil
}

// row is an entry with the file it stands in.
type row struct {
	rollfile.Entry
	file string
}

// inOrder puts rows in the order in which they happened, so that two schools of one child may stand
// in a file in any order.
func inOrder(rows []row) {
	day := func(r row) calendar.Date {
		if r.RollStart.IsZero() {
			return r.RollEnd
		}
		return r.RollStart
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.ChildID, b.ChildID), day(a).Compare(day(b))) })
}
