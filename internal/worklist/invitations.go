package worklist

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// asked is an invitation to write a section that is not complete: one that holds, to the actor, or one
// whose last day has passed, to anyone.
type asked struct {
	PEPID       int64
	ChildID     int64
	Form        string
	FormVersion int
	Section     string
	Until       calendar.Date
	Own         bool // to the actor, and it holds today
	AccountID   int64
	Name        string
	AskedBy     string
	AskedByRole access.Role
	SettingID   int64 // the school that asks; 0: the council
	School      string
}

// What is the actor's own holds as enter() found it.
const askedSQL = `select * from (
	select i.pep_id, i.child_id, p.form, p.form_version, i.section, i.until,
		i.account_id = nullif(current_setting('app.actor', true), '')::bigint
			and i.child_id || '/' || i.pep_id || '/' || i.section = any (` + postgres.Invited + `) as own,
		i.account_id, a.name, b.name as asked_by, b.role as asked_by_role,
		coalesce(i.setting_id, 0) as setting_id, coalesce(s.name, '') as school
	from pep_invitation i
	join pep p on p.id = i.pep_id and p.state in ('draft', 'returned')
	join pep_section x on x.pep_id = i.pep_id and x.section = i.section and x.state = 'open'
	join account a on a.id = i.account_id join account b on b.id = i.invited_by left join setting s on s.id = i.setting_id
	where i.ended_at is null) i
	where i.own or i.until < @today::date
	order by i.until, i.pep_id, i.section`

// invitations are what colleagues were asked to write. A child whom the reader does not work with is not
// named: whose section it is stands on its page.
func (j *judge) invitations(facts Facts) {
	if len(facts.asked) == 0 {
		return
	}
	children := map[int64]pep.FactsRow{}
	for _, c := range facts.children() {
		children[c.ChildID] = c
	}
	for _, one := range facts.asked {
		c, related := children[one.ChildID]
		d := Duty{Kind: WritePEP, Due: one.Until, School: one.School, Href: fmt.Sprintf("/children/%d/peps/%d/sections/%s", one.ChildID, one.PEPID, one.Section)}
		if related {
			d.ChildID, d.Child, d.School, d.Advisor = c.ChildID, child.DisplayName(c.PreferredName, c.Forename, c.Surname, c.LAChildID), c.School, c.AdvisorID
		}
		title := one.Section
		for _, section := range j.sections(formKey{name: one.Form, version: one.FormVersion, hasSchool: true}) {
			if section.key == one.Section {
				title = section.title
			}
		}
		switch {
		case one.Own:
			d.What = "Write the section “" + title + "” of a PEP"
			d.Why = "Asked by " + one.AskedBy
			if one.School != "" {
				d.Why += ", " + one.School
			}
			d.Words = "open to you until " + j.day(one.Until)
			d.Because = "You were asked to write this section until that day. Then it closes to you by itself."
			d.person = one.AccountID
		case related && (one.SettingID == 0 || one.SettingID == c.SettingID): // else the child has left the school that asked
			d.What = "Finish the section “" + title + "” of the PEP, or ask again"
			d.Why = one.Name + " was asked, and it is not marked as complete"
			d.Words = "asked until " + j.day(one.Until)
			d.Because = "The day a colleague was given has passed. What they saved is in the plan."
			d.Owner = access.Advisor
			if one.AskedByRole == access.School || one.AskedByRole == access.SocialWorker {
				d.Owner = one.AskedByRole // whoever has the post now: the one who asked may have left
			}
			d.owners = []access.Role{d.Owner}
		default:
			continue
		}
		j.add(d)
	}
}
