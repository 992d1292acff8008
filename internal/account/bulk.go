package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// BulkColumns are the columns of a file of people to invite. The first three must be there.
var BulkColumns = []string{"name", "email", "role", "school URN", "post", "first day", "last day"}

// mostBulk is the most people one file may invite.
const mostBulk = 500

var bulkLimits = table.Limits{Bytes: 1 << 20, Rows: mostBulk, Columns: 30, Members: 1}

// BulkLine is one person of the file and what comes of them.
type BulkLine struct {
	Line     int // as the spreadsheet shows it
	Person   NewAccount
	URN      int
	School   string
	Exists   bool   // there is an account under the address: nothing is done
	Existing int64  // that account
	Wrong    string // why nobody of the file can be invited; empty: nothing
}

// BulkLoad is what a file would do, or did.
type BulkLoad struct {
	Lines []BulkLine
	Done  bool
}

// Count is how many lines are new, there already, and wrong.
func (l BulkLoad) Count() (fresh, existing, wrong int) {
	for _, line := range l.Lines {
		switch {
		case line.Wrong != "":
			wrong++
		case line.Exists:
			existing++
		default:
			fresh++
		}
	}
	return fresh, existing, wrong
}

// Bulk reads a file of people and says what would come of each line; with apply it invites them, all or, if
// anything in the file is wrong, nobody. For those who manage accounts. Problems are about "file".
func (s *Service) Bulk(ctx context.Context, actor access.Actor, text string, apply bool) (BulkLoad, error) {
	if err := access.Check(actor, access.ManageAccounts, access.Facts{}); err != nil {
		return BulkLoad{}, err
	}
	lines, err := readBulk(text, s.DB.Today())
	if err != nil {
		return BulkLoad{}, err
	}
	load := BulkLoad{Lines: lines}
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.judgeBulk(ctx, tx, load.Lines); err != nil {
			return err
		}
		fresh, _, wrong := load.Count()
		if !apply {
			return nil
		}
		if wrong > 0 || fresh == 0 {
			return fault.Invalid("file", "Nobody was invited. Put the lines right that are marked, and look at the file again.")
		}
		for _, line := range load.Lines {
			if line.Exists {
				continue
			}
			id, err := insertPerson(ctx, tx, line.Person, Invited, "")
			if err != nil {
				return fmt.Errorf("line %d: %w", line.Line, err)
			}
			if err := job.Enqueue(ctx, tx, sendLink{AccountID: id, Purpose: Invitation}); err != nil {
				return err
			}
		}
		load.Done = true
		return nil
	})
	if postgres.Constraint(err) == "account_email_key" {
		err = fault.Conflict("Somebody else invited one of these people meanwhile. Look at the file again.")
	}
	return load, err
}

// readBulk takes the file apart. What is wrong with a line is kept with it.
func readBulk(text string, today calendar.Date) ([]BulkLine, error) {
	var noted []table.Problem
	upload, err := table.Open("people.csv", strings.NewReader(text), int64(len(text)), bulkLimits)
	if err != nil {
		return nil, bulkProblem(err)
	}
	rows, err := upload.Files[0].Rows(func(problem table.Problem) { noted = append(noted, problem) })
	if err != nil {
		return nil, bulkProblem(err)
	}
	defer rows.Close()
	if missing := rows.Header.Missing(BulkColumns[:3]...); len(missing) > 0 {
		return nil, fault.Invalid("file", "The first line must name the columns. Missing: "+strings.Join(missing, ", "))
	}
	if others := rows.Header.Others(BulkColumns); len(others) > 0 {
		return nil, fault.Invalid("file", "These columns are not known: "+table.Short(strings.Join(others, ", "))+". Use "+strings.Join(BulkColumns, ", "))
	}
	var lines []BulkLine
	for row := range rows.All() {
		lines = append(lines, readBulkLine(rows.Header, row, today))
	}
	if err := rows.Err(); err != nil {
		return nil, bulkProblem(err)
	}
	for _, problem := range noted {
		lines = append(lines, BulkLine{Line: problem.Line, Wrong: problem.Text})
	}
	if len(lines) == 0 {
		return nil, fault.Invalid("file", "The file has no people in it")
	}
	slices.SortStableFunc(lines, func(a, b BulkLine) int { return a.Line - b.Line })
	markTwice(lines)
	return lines, nil
}

// bulkProblem is what makes a file unusable, in its own words.
func bulkProblem(err error) error {
	if bad, ok := errors.AsType[*table.FileError](err); ok {
		return fault.Invalid("file", bad.Text)
	}
	return err
}

// add adds to what is wrong with a line: everything is said at once.
func (l *BulkLine) add(format string, values ...any) {
	l.Wrong = strings.TrimSpace(l.Wrong + " " + fmt.Sprintf(format, values...))
}

func readBulkLine(header table.Header, row table.Row, today calendar.Date) BulkLine {
	cell := func(name string) string { return row.Get(header.Find(name)) }
	line := BulkLine{Line: row.Line, Person: NewAccount{Name: cell("name"), Email: cell("email"), Role: roleNamed(cell("role"))}}
	for _, problem := range line.Person.Check() {
		if problem.Field == "name" || problem.Field == "email" {
			line.add("%s.", strings.TrimSuffix(problem.Text, "."))
		}
	}
	switch line.Person.Role {
	case "":
		line.add("%q is no role. Write it as the page Roles and permissions does.", table.Short(cell("role")))
	case access.School:
		line.readMembership(cell, today)
	default:
		if cell("school URN") != "" {
			line.add("Only people at a school belong to a school: leave its URN empty.")
		}
	}
	return line
}

// readMembership reads at which school a person is, as what, and from when until when.
func (l *BulkLine) readMembership(cell func(string) string, today calendar.Date) {
	urn, post := cell("school URN"), cell("post")
	number, err := strconv.Atoi(urn)
	if err != nil || number < 100000 || number > 999999 {
		l.add("%q is no URN. It has six digits.", table.Short(urn))
	}
	membership := NewMembership{Post: postNamed(post), From: today}
	if membership.Post == "" {
		l.add("%q is no post. Write %s or %s.", table.Short(post), DesignatedTeacher.Name(), Colleague.Name())
	}
	for _, day := range []struct {
		column string
		into   *calendar.Date
	}{{"first day", &membership.From}, {"last day", &membership.LastDay}} {
		text := cell(day.column)
		if text == "" {
			continue
		}
		if *day.into, err = table.ParseDate(text); err != nil {
			l.add("%q is no %s. Write a date like 01/09/2026.", table.Short(text), day.column)
		}
	}
	l.URN, l.Person.Settings = number, []NewMembership{membership}
}

// roleNamed is the role of a name or key; empty when there is none. Invited colleagues are invited to a
// section of a plan, and so not from a file.
func roleNamed(text string) access.Role {
	for _, role := range access.Roles {
		if role != access.Colleague && (strings.EqualFold(text, role.Name()) || strings.EqualFold(text, string(role))) {
			return role
		}
	}
	return ""
}

// postNamed is the post of a name or key; designated teacher when nothing is written.
func postNamed(text string) Post {
	if text == "" {
		return DesignatedTeacher
	}
	for _, post := range Posts {
		if strings.EqualFold(text, post.Name()) || strings.EqualFold(text, string(post)) {
			return post
		}
	}
	return ""
}

// markTwice marks every line but the first with an address.
func markTwice(lines []BulkLine) {
	first := map[string]int{}
	for i := range lines {
		email := tidyEmail(lines[i].Person.Email)
		if at, seen := first[email]; seen && email != "" && lines[i].Wrong == "" {
			lines[i].Wrong = fmt.Sprintf("The same address is on line %d.", at)
		} else if !seen {
			first[email] = lines[i].Line
		}
	}
}

// judgeBulk asks the database about each line: schools, accounts that are there, domains, rights.
func (s *Service) judgeBulk(ctx context.Context, tx *postgres.Tx, lines []BulkLine) error {
	type school struct {
		ID   int64
		URN  int
		Name string
	}
	var urns []int
	var emails []string
	for i := range lines {
		urns = append(urns, lines[i].URN)
		emails = append(emails, tidyEmail(lines[i].Person.Email))
	}
	schools, err := postgres.List[school](ctx, tx, `select id, urn, name from setting where urn = any(@urns) and status <> 'closed'`, postgres.Args{"urns": urns})
	if err != nil {
		return err
	}
	there, err := postgres.List[credentials](ctx, tx, `select `+credentialColumns+` from account a where a.email = any(@emails)`, postgres.Args{"emails": emails})
	if err != nil {
		return err
	}
	var ids []int64
	for _, one := range schools {
		ids = append(ids, one.ID)
	}
	domains, err := domainsOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i := range lines {
		line := &lines[i]
		if line.Wrong != "" {
			continue
		}
		if line.URN != 0 {
			at := slices.IndexFunc(schools, func(one school) bool { return one.URN == line.URN })
			if at < 0 {
				line.Wrong = fmt.Sprintf("No open school has the URN %d.", line.URN)
				continue
			}
			line.School, line.Person.Settings[0].SettingID = schools[at].Name, schools[at].ID
		}
		judgePerson(tx.Actor, line, there, domains, emails[i])
	}
	return nil
}

func judgePerson(actor access.Actor, line *BulkLine, there []credentials, domains []SchoolDomains, email string) {
	if problems := line.Person.Check(); len(problems) > 0 {
		for _, problem := range problems {
			line.add("%s.", strings.TrimSuffix(problem.Text, "."))
		}
		return
	}
	line.Person.Email = email
	if at := slices.IndexFunc(there, func(one credentials) bool { return one.Email == email }); at >= 0 {
		line.Exists, line.Existing = true, there[at].ID
		return
	}
	if err := mayManage(actor, line.Person.Role); err != nil {
		line.Wrong = fault.Words(err)
		return
	}
	for _, school := range domains {
		if line.Person.Settings != nil && school.SettingID == line.Person.Settings[0].SettingID && !school.takes(email) {
			line.Wrong = "The address is none of " + school.String() + ". Invite this person alone, where their name is asked for twice."
		}
	}
}
