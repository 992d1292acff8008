package child

import (
	"cmp"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Filter narrows the list of children. The zero Filter is everyone in care whom the actor may see.
type Filter struct {
	Search    string // a name, UPN or 903 identifier
	AdvisorID int64
	SettingID int64
	Phase     string // early_years, primary, secondary, post_16
	Area      string // in, out (of the authority)
	Status    string // in_care (when empty), left, no_school, unaccompanied, restricted, all
	PEP       string // none, draft, submitted, in_qa, returned, signed_off, overdue: this term's plan
	Sort      string // name (when empty), year, school, pep
	After     int64  // the child the page follows; 0: the first page
	Before    int64  // the child the page comes before
	Limit     int
	Screen    string // what the audit calls this look; list when empty
}

// Term is what the list needs of the term it shows plans for.
type Term struct {
	AcademicYear int
	Name         string
	Starts       calendar.Date
	CutOff       calendar.Date // R9
	// InitialOverdue: a child in care since this day or earlier, with no plan yet, is overdue (R7).
	InitialOverdue calendar.Date
	GapMonths      int // R9: the most months between meetings
	FirstYear      int // R5: the curriculum years in which there are plans
	LastYear       int
}

// Row is one child in the list.
type Row struct {
	ID            int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	DateOfBirth   calendar.Date
	YearOffset    int
	InCare        bool
	InAuthority   *bool
	School        string
	Advisor       string
	PEPState      string // of this term's plan; empty: none
	LastMeeting   calendar.Date
	PEPOverdue    bool
	Total         int
}

// DisplayName is how the child is called on screen.
func (r Row) DisplayName() string {
	return DisplayName(r.PreferredName, r.Forename, r.Surname, r.LAChildID)
}

// YearGroup is the curriculum year in words (R1), as taught.
func (r Row) YearGroup(on calendar.Date) string {
	return calendar.YearGroup(calendar.CurriculumYear(r.DateOfBirth, on) + r.YearOffset)
}

var sortKeys = map[string]string{
	"name":   `c.sort_name`,
	"year":   `to_char(date '2100-01-01' - c.date_of_birth, 'FM000000')`,
	"school": `coalesce((select plain_name(s.name) from roll r join setting s on s.id = r.setting_id where r.child_id = c.id and r.kind = 'main' and r.period @> @today::date), '~')`,
	"pep":    `coalesce((select max(p.meeting_on)::text from pep p where p.child_id = c.id and p.meeting_held), '0')`,
}

// curriculumYear is R1 as SQL: from the academic years of birth and of today, as taught.
const curriculumYear = `(extract(year from @today::date - interval '8 months')::int - extract(year from c.date_of_birth - interval '8 months')::int - 5 + c.year_offset)`

// pausedSince is how many days of pauses have passed since the day a clock started.
func pausedSince(day string) string {
	return `coalesce((select sum(least(upper(q.period), @today::date) - greatest(lower(q.period), ` + day + ` + 1)) from pep_pause q
		where q.child_id = c.id and lower(q.period) < @today::date and upper(q.period) > ` + day + ` + 1), 0)::int`
}

const careStart = `greatest(lower(cp.period), make_date(extract(year from c.date_of_birth - interval '8 months')::int + 5 + @first_year::int - c.year_offset, 9, 1))`

// overdue is dueBefore, looked at again for those who have pauses: days of a pause do not count. R7
// counts working days, and here the days of the calendar, which comes to the same within a weekend.
var overdue = `(` + dueBefore + ` and case when not exists (select from pep_pause q where q.child_id = c.id) then true when last.meeting_on is null
	then ` + careStart + ` + ` + pausedSince(careStart) + ` <= @initial_overdue
	else least(@cut_off::date + ` + pausedSince(`@term_starts::date`) + `, (last.meeting_on + make_interval(months => @gap))::date + ` + pausedSince(`last.meeting_on`) + `) < @today::date end)`

// dueBefore is R7 and R9 as comparisons. A child too young or too old for a plan (R5) has none overdue;
// for one who came into care too young the clock starts with the school year in which plans begin.
const dueBefore = `(cp.period is not null and plan.meeting_held is not true and ` + curriculumYear + ` between @first_year::int and @last_year::int and case when last.meeting_on is null
	then ` + careStart + ` <= @initial_overdue else least(@cut_off::date, last.meeting_on + make_interval(months => @gap)) < @today::date end)`

// QueueList queues one page of children and, in the same statements, the audit of who was shown:
// a name on a list is a look. The list is paged by key: no row is counted past the ones before it.
func QueueList(batch *postgres.Batch, into *[]Row, filter Filter, term Term, actor access.Actor, requestID string) {
	sort, known := sortKeys[filter.Sort]
	if !known {
		sort = sortKeys["name"]
	}
	conditions, args := conditions(filter)
	if !actor.WholeCohort() {
		conditions = append(conditions, `c.id = any (`+postgres.Related+`)`)
	}
	args["after"], args["before"], args["limit"] = filter.After, filter.Before, filter.Limit
	args["year"], args["term"], args["term_starts"] = term.AcademicYear, term.Name, term.Starts
	args["cut_off"], args["initial_overdue"], args["gap"] = term.CutOff, term.InitialOverdue, term.GapMonths
	args["first_year"], args["last_year"] = term.FirstYear, term.LastYear
	args["actor"], args["request"], args["screen"] = actor.ID, requestID, cmp.Or(filter.Screen, "list")

	order, page := "asc", ""
	switch {
	case filter.Before > 0:
		order = "desc"
		page = ` where (sort_key, id) < (select sort_key, id from found where id = @before)`
	case filter.After > 0:
		page = ` where (sort_key, id) > (select sort_key, id from found where id = @after)`
	}
	facts := ``
	if filter.PEP != "" {
		facts = planFacts
	}
	postgres.Many(batch, into, `with found as (
			select c.id, `+sort+` as sort_key from child c
			left join care_period cp on cp.child_id = c.id and cp.period @> @today::date `+facts+`
			where `+strings.Join(conditions, " and ")+`),
		page as (select id, sort_key from found`+page+` order by sort_key `+order+`, id `+order+` limit @limit),
		looked as (insert into audit_look (at, account_id, child_id, screen, request_id)
			select @now, @actor, id, @screen, @request from page)
		select c.id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name,
			c.date_of_birth, c.year_offset, cp.period is not null as in_care, pl.in_authority, case when c.id = any (`+postgres.Placeless+`) then '`+PlaceHidden+`' else coalesce(s.name, '') end as school,
			coalesce(adv.name, '') as advisor, coalesce(plan.state, '') as pep_state, last.meeting_on as last_meeting, `+overdue+` and `+postgres.PlaceTold+` as pep_overdue,
			(select count(*) from found)::int as total
		from page join child c on c.id = page.id
		left join care_period cp on cp.child_id = c.id and cp.period @> @today::date
		left join placement pl on pl.child_id = c.id and pl.period @> @today::date
		left join roll r on r.child_id = c.id and r.kind = 'main' and r.period @> @today::date
		left join setting s on s.id = r.setting_id
		left join allocation a on a.child_id = c.id and a.part = 'advisor' and a.period @> @today::date
		left join account adv on adv.id = a.account_id
		`+planFacts+` order by page.sort_key, page.id`, args)
}

const planFacts = `left join lateral (select p.state, p.meeting_held from pep p where p.child_id = c.id and p.academic_year = @year and p.term = @term
			and p.state not in ('cancelled', 'superseded') order by p.id desc limit 1) plan on true
		left join lateral (select p.meeting_on from pep p where p.child_id = c.id and p.meeting_held and p.state <> 'cancelled' order by p.meeting_on desc limit 1) last on true`

func conditions(filter Filter) ([]string, postgres.Args) {
	args := postgres.Args{}
	var all []string
	add := func(condition string, name string, value any) {
		all = append(all, condition)
		if name != "" {
			args[name] = value
		}
	}
	switch filter.Status {
	case "", "in_care":
		add(`cp.period is not null`, "", nil)
	case "left":
		add(`cp.period is null and exists (select from care_period e where e.child_id = c.id)`, "", nil)
	case "no_school":
		add(`cp.period is not null and `+postgres.PlaceTold+` and not exists (select from roll r where r.child_id = c.id and r.kind = 'main' and r.period @> @today::date)`, "", nil)
	case "unaccompanied":
		add(`cp.period is not null and c.unaccompanied`, "", nil)
	case "restricted":
		add(`exists (select from restriction x where x.child_id = c.id and x.period @> @today::date)`, "", nil)
	default:
		add(`true`, "", nil)
	}
	if filter.AdvisorID != 0 {
		add(`exists (select from allocation a where a.child_id = c.id and a.account_id = @advisor and a.part in ('advisor', 'cover') and a.period @> @today::date)`, "advisor", filter.AdvisorID)
	}
	if filter.SettingID != 0 {
		add(`exists (select from roll r where r.child_id = c.id and r.setting_id = @setting and r.period @> @today::date)`, "setting", filter.SettingID)
	}
	switch filter.Area {
	case "in":
		add(`exists (select from placement p where p.child_id = c.id and p.period @> @today::date and p.in_authority)`, "", nil)
	case "out":
		add(`exists (select from placement p where p.child_id = c.id and p.period @> @today::date and not p.in_authority)`, "", nil)
	}
	if low, high, known := phaseYears(filter.Phase); known {
		all = append(all, curriculumYear+` between @low and @high`)
		args["low"], args["high"] = low, high
	}
	switch filter.PEP {
	case "":
	case "none":
		add(`plan.state is null and `+postgres.PlaceTold+``, "", nil)
	case "overdue":
		add(overdue+` and `+postgres.PlaceTold, "", nil)
	default:
		add(`plan.state = @pep`, "pep", filter.PEP)
	}
	if filter.Search != "" {
		addSearch(&all, args, filter.Search)
	}
	return all, args
}

// addSearch finds by identifier when the words could be one, and else by name: every word typed must
// be a part of the child's names, present or former, or a letter or two from one of their words, so
// that a slip of spelling still finds. Words are compared by their first hundred letters: the database
// compares none longer than 255.
func addSearch(all *[]string, args postgres.Args, search string) {
	args["search"] = strings.TrimSpace(search)
	if strings.ContainsFunc(search, func(r rune) bool { return r >= '0' && r <= '9' }) {
		*all = append(*all, `(c.la_child_id = @search or upper(c.upn) = upper(@search) or c.la_child_id ilike @search || '%')`)
		return
	}
	*all = append(*all, `(plain_name(@search) <> '' and (c.search_name like '%' || plain_name(@search) || '%'
		or not exists (select from unnest(string_to_array(plain_name(@search), ' ')) word
			where not (c.search_name like '%' || word || '%' or exists (select from unnest(string_to_array(c.search_name, ' ')) part
				where levenshtein_less_equal(left(word, 100), left(part, 100), 1 + length(word) / 6) <= 1 + length(word) / 6 and length(word) >= 3)))))`)
}

func phaseYears(phase string) (low, high int, known bool) {
	switch phase {
	case "early_years":
		return -10, 0, true
	case "primary":
		return 1, 6, true
	case "secondary":
		return 7, 11, true
	case "post_16":
		return 12, 20, true
	}
	return 0, 0, false
}

// Choice is one entry of a filter's list.
type Choice struct {
	ID   int64
	Name string
}

// Choices are what a list can be filtered by: the advisors and schools of the children the actor sees.
type Choices struct {
	Advisors []Choice
	Schools  []Choice
}

// QueueChoices queues them, as one statement.
func QueueChoices(batch *postgres.Batch, into *Choices, actor access.Actor) {
	theirs := ``
	if !actor.WholeCohort() {
		theirs = ` and x.child_id = any (` + postgres.Related + `)`
	}
	postgres.One(batch, into, `select
		(select coalesce(jsonb_agg(jsonb_build_object('ID', id, 'Name', name) order by name), '[]') from account
			where id in (select x.account_id from allocation x where x.part = 'advisor' and x.period @> @today::date`+theirs+`)) as advisors,
		(select coalesce(jsonb_agg(jsonb_build_object('ID', id, 'Name', name) order by name), '[]') from setting
			where id in (select x.setting_id from roll x where x.period @> @today::date`+theirs+`)) as schools`, nil)
}

// QueuePeople queues the people who may play a part.
func QueuePeople(batch *postgres.Batch, into *[]Choice, part string) {
	roles := make([]string, 0, 2)
	for _, role := range RolesFor(part) {
		roles = append(roles, string(role))
	}
	postgres.Many(batch, into, `select id, name from account where role = any(@roles) and state <> 'ended' order by name`, postgres.Args{"roles": roles})
}

// ParseID reads an id from a filter; 0 when it is none.
func ParseID(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}
