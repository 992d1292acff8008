package intake

import (
	"context"
	"strconv"
	"strings"

	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/postgres"
)

// places is what the rows of marks are looked up in: the children the sender may see, and their schools.
type places struct {
	home     int64 // the school whose file it is; 0: the file says, or the child's roll
	byLAID   map[string]*marked
	byUPN    map[string]*marked // nil: two children have it
	settings map[string]int64   // by URN
	local    localCodes
	last     struct { // the child found last, whom the next row is mostly about too
		said, upn string
		child     *marked
	}
}

// marked is a child whose marks may come.
type marked struct {
	ID    int64
	LAID  string
	UPN   string
	rolls []calendarRoll // the main one first
}

type calendarRoll struct {
	settingID int64
	days      calendar.Range
}

// markPlace is whose mark it is, and where.
type markPlace struct {
	childID, settingID int64
	laID               string
}

func (p *places) load(ctx context.Context, tx *postgres.Tx) error {
	p.byLAID, p.byUPN, p.settings = map[string]*marked{}, map[string]*marked{}, map[string]int64{}
	children, err := postgres.List[marked](ctx, tx, `select id, la_child_id as la_id, coalesce(case when sealed_on is null then upn end, '') as upn from child`, nil)
	if err != nil {
		return err
	}
	byID := make(map[int64]*marked, len(children))
	for i := range children {
		c := &children[i]
		byID[c.ID], p.byLAID[strings.ToLower(c.LAID)] = c, c
		if upn, quality, _ := identifier.CheckUPN(c.UPN); quality.Usable() {
			if _, twice := p.byUPN[string(upn)]; twice {
				c = nil
			}
			p.byUPN[string(upn)] = c
		}
	}
	type stay struct {
		ChildID, SettingID int64
		URN                int
		Starts, Ends       calendar.Date
	}
	stays, err := postgres.List[stay](ctx, tx, `select r.child_id, r.setting_id, coalesce(s.urn, 0) as urn, lower(r.period) as starts, upper(r.period) as ends
		from roll r join setting s on s.id = r.setting_id order by r.kind = 'dual', r.period desc`, nil)
	if err != nil {
		return err
	}
	for _, s := range stays {
		if s.URN != 0 {
			p.settings[strconv.Itoa(s.URN)] = s.SettingID
		}
		if c := byID[s.ChildID]; c != nil {
			c.rolls = append(c.rolls, calendarRoll{s.SettingID, calendar.Range{Start: s.Starts, End: s.Ends}})
		}
	}
	return p.local.load(ctx, tx)
}

// about is the council's identifier of the child whom a file names; what the file says where it is none of ours.
func (p *places) about(said string) string {
	if c := p.byLAID[strings.ToLower(said)]; c != nil {
		return c.LAID
	}
	if c := p.byUPN[strings.ToUpper(said)]; c != nil {
		return c.LAID
	}
	return said
}

// find says whose a mark is. A file that does not name the school means the one the child was on roll at.
func (p *places) find(m sheet.Mark) (markPlace, *refusal) {
	child, refused := p.child(m)
	if refused != nil {
		return markPlace{}, refused
	}
	at := markPlace{childID: child.ID, laID: child.LAID}
	if m.URN != "" {
		id, known := p.settings[m.URN]
		if !known {
			return at, &refusal{"", "no-such-setting", "No child in care has been on roll at a school with this URN. Check the URN, or the child’s school history."}
		}
		at.settingID = id
		return at, nil
	}
	if p.home != 0 {
		at.settingID = p.home
		return at, nil
	}
	if len(child.rolls) == 0 {
		return at, &refusal{"", "no-roll", "The file does not name the school, and the child has been on no school’s roll. Add the child’s school first."}
	}
	at.settingID = child.rolls[0].settingID
	for _, r := range child.rolls {
		if r.days.Contains(m.Day) {
			at.settingID = r.settingID
			break
		}
	}
	return at, nil
}

func (p *places) child(m sheet.Mark) (*marked, *refusal) {
	if p.last.child != nil && p.last.said == m.ChildID && p.last.upn == m.UPN {
		return p.last.child, nil
	}
	child, refused := p.seek(m)
	if refused == nil {
		p.last.said, p.last.upn, p.last.child = strings.Clone(m.ChildID), strings.Clone(m.UPN), child
	}
	return child, refused
}

func (p *places) seek(m sheet.Mark) (*marked, *refusal) {
	var byID, byUPN *marked
	if m.ChildID != "" {
		if byID = p.byLAID[strings.ToLower(m.ChildID)]; byID == nil {
			return nil, &refusal{"", "no-such-child", "There is no child with this identifier among the records you may see. Remove the row, or correct it."}
		}
	}
	if m.UPN != "" {
		found, known := p.byUPN[m.UPN]
		if known && found == nil && byID == nil {
			return nil, &refusal{"", "two-children", "Two records have this UPN. Correct them, or send the council’s identifier."}
		}
		byUPN = found
	}
	switch {
	case byID == nil && byUPN == nil:
		return nil, &refusal{"", "no-such-child", "There is no child with this UPN among the records you may see. Remove the row, or correct it."}
	case byID != nil && byUPN != nil && byID != byUPN:
		return nil, &refusal{"", "child-differs", "The identifier and the UPN are of two different children."}
	case byID != nil:
		return byID, nil
	}
	return byUPN, nil
}
