package pep

import (
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Narrow is what the database narrows a list of children by. The zero Narrow is everyone in care whom
// the actor may see.
type Narrow struct {
	Children  []int64 // these only
	SettingID int64   // on this school's roll today
	NoSchool  bool
	AdvisorID int64
	NoAdvisor bool
	SEN       string // N, K or E
	Area      string // in or out of the authority
	Placement string // the return's code
}

func (n Narrow) where() (string, postgres.Args) {
	args, conditions := postgres.Args{}, []string{}
	add := func(when bool, condition, name string, value any) {
		if when {
			conditions = append(conditions, condition)
			if name != "" {
				args[name] = value
			}
		}
	}
	add(len(n.Children) > 0, `c.id = any (@children)`, "children", n.Children)
	add(n.SettingID != 0, `r.setting_id = @setting`, "setting", n.SettingID)
	add(n.NoSchool, `r.id is null`, "", nil)
	add(n.AdvisorID != 0, `a.account_id = @advisor`, "advisor", n.AdvisorID)
	add(n.NoAdvisor, `a.id is null`, "", nil)
	add(n.SEN != "", `coalesce((select x.status from sen_status x where x.child_id = c.id and x.period @> @today::date), 'N') = @sen`, "sen", n.SEN)
	add(n.Area != "", `(select x.in_authority from placement x where x.child_id = c.id and x.period @> @today::date) = @inside`, "inside", n.Area == "in")
	add(n.Placement != "", `(select x.code from placement x where x.child_id = c.id and x.period @> @today::date) = @placement`, "placement", n.Placement)
	if len(conditions) == 0 {
		return "", args
	}
	return ` where ` + strings.Join(conditions, " and "), args
}

// Behind the wall the planner expects one row of every table and joins row by row. For a whole cohort
// joining by hash takes half the time.
const nestedLoops = `select set_config('enable_nestloop', @on, true)`

// QueueFactsWhere queues what the deadlines of a list's children are reckoned from. Up to three statements.
func QueueFactsWhere(batch *postgres.Batch, into *[]FactsRow, narrow Narrow) {
	where, args := narrow.where()
	if where == "" {
		batch.Exec(nestedLoops, postgres.Args{"on": "off"})
		defer batch.Exec(nestedLoops, postgres.Args{"on": "on"})
	}
	postgres.Many(batch, into, factsSQL+where+` order by c.surname, c.forename, c.id`, args)
}

// Moved counts the children whose next deadline would fall on another day, or be asked for or not, if
// other local values held.
func Moved(children []FactsRow, cal Calendar, now, then Deadlines, today calendar.Date) (moved int) {
	for _, child := range children {
		before, after := StandingOf(child.Facts(), cal, now, today), StandingOf(child.Facts(), cal, then, today)
		if before.Due.Due != after.Due.Due {
			moved++
		}
	}
	return moved
}
