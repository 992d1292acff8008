package child

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Header is what the top of each of a child's pages says.
type Header struct {
	ID            int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	DateOfBirth   calendar.Date
	YearOffset    int
	Unaccompanied bool
	CareStart     calendar.Date // zero: not in care today
	LegalStatus   string        // the return's code
	InAuthority   *bool         // where the child lives; nil: not known
	School        string        // empty: no school place
	SchoolSince   calendar.Date
	Advisor       string
	SocialWorker  string
	Restricted    bool
	PlaceHidden   bool // restricted, and who looks is not told where the child is
	BrokenGlass   bool // restricted, and open to who looks for an hour
}

// InCare says whether the child is in care on the day the header was read.
func (h Header) InCare() bool { return !h.CareStart.IsZero() }

// DisplayName is how the child is called on screen.
func (h Header) DisplayName() string {
	return DisplayName(h.PreferredName, h.Forename, h.Surname, h.LAChildID)
}

// YearGroup is the curriculum year in words (R1), as taught.
func (h Header) YearGroup(on calendar.Date) string {
	return calendar.YearGroup(calendar.CurriculumYear(h.DateOfBirth, on) + h.YearOffset)
}

// QueueHeader queues the header of a child. A child the actor may not see fails the batch with NotFound.
func QueueHeader(batch *postgres.Batch, into *Header, childID int64) {
	postgres.One(batch, into, headerSQL, postgres.Args{"child": childID})
}

// QueueHeaderOfRelated queues the header of a child; one the actor may not see leaves it nil.
func QueueHeaderOfRelated(batch *postgres.Batch, into **Header, childID int64) {
	postgres.Maybe(batch, into, headerSQL, postgres.Args{"child": childID})
}

const headerSQL = `select c.id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
			coalesce(c.preferred_name, '') as preferred_name, c.date_of_birth, c.year_offset,
			c.unaccompanied and (c.unaccompanied_until is null or c.unaccompanied_until > @today) as unaccompanied,
			lower(cp.period) as care_start, coalesce(ls.code, '') as legal_status, p.in_authority,
			coalesce(s.name, '') as school, lower(r.period) as school_since,
			coalesce(adv.name, '') as advisor, coalesce(sw.name, '') as social_worker,
			exists (select from restriction x where x.child_id = c.id and x.period @> @today::date) as restricted,
			c.id = any (` + postgres.Placeless + `) as place_hidden,
			c.id = any ((select coalesce(nullif(current_setting('app.opened', true), ''), '{}')::bigint[])::bigint[]) as broken_glass
		from child c
		left join care_period cp on cp.child_id = c.id and cp.period @> @today::date
		left join legal_status ls on ls.child_id = c.id and ls.period @> @today::date
		left join placement p on p.child_id = c.id and p.period @> @today::date
		left join roll r on r.child_id = c.id and r.kind = 'main' and r.period @> @today::date
		left join setting s on s.id = r.setting_id
		left join allocation a on a.child_id = c.id and a.part = 'advisor' and a.period @> @today::date
		left join account adv on adv.id = a.account_id
		left join allocation w on w.child_id = c.id and w.part = 'social_worker' and w.period @> @today::date
		left join account sw on sw.id = w.account_id
		where c.id = @child`

// Glimpse is what somebody invited to a section of a plan is told of the child, and all of it.
type Glimpse struct {
	Forename      string
	Surname       string
	PreferredName string
	Year          int // as taught (R1)
}

// DisplayName is how the child is called on screen. The 903 identifier is not theirs to know.
func (g Glimpse) DisplayName() string {
	if g.Forename+g.Surname+g.PreferredName == "" {
		return "A child whose name is not on record"
	}
	return DisplayName(g.PreferredName, g.Forename, g.Surname, "")
}

// QueueGlimpse queues what an invitation to this section of this plan shows of the child; without one
// that holds today it leaves nil.
func QueueGlimpse(batch *postgres.Batch, into **Glimpse, childID, planID int64, section string) {
	postgres.Maybe(batch, into, `select forename, surname, preferred_name, year from invited_child(@child, @plan, @section, @today)`,
		postgres.Args{"child": childID, "plan": planID, "section": section})
}
