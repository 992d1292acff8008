package pgtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
)

// Facts arranges what a test takes for granted and does not test: people, places and children, put
// straight into the database past every policy.
type Facts struct {
	SQL *pgx.Conn
	t   testing.TB
	now func() time.Time
}

// NewFacts arranges in db, by its clock. What is under test never goes this way.
func NewFacts(t testing.TB, db *postgres.DB) *Facts {
	t.Helper()
	return &Facts{SQL: Arrange(t, db), t: t, now: db.Now}
}

// Exec arranges facts straight in the database.
func (f *Facts) Exec(sql string, args ...any) {
	f.t.Helper()
	if _, err := f.SQL.Exec(context.Background(), sql, args...); err != nil {
		f.t.Fatalf("arrange: %v", err)
	}
}

// ID arranges a fact and returns its number.
func (f *Facts) ID(sql string, args ...any) (id int64) {
	f.t.Helper()
	if err := f.SQL.QueryRow(context.Background(), sql, args...).Scan(&id); err != nil {
		f.t.Fatalf("arrange: %v", err)
	}
	return id
}

// Text reads a text that was arranged.
func (f *Facts) Text(sql string, args ...any) (text string) {
	f.t.Helper()
	if err := f.SQL.QueryRow(context.Background(), sql, args...).Scan(&text); err != nil {
		f.t.Fatalf("arrange: %v", err)
	}
	return text
}

// Term arranges a term of the authority 332.
func (f *Facts) Term(year int, name, starts, ends, cutOff string) {
	f.t.Helper()
	f.Exec(`insert into term (authority_code, academic_year, name, starts, ends, pep_cut_off, source) values ('332', $1, $2, $3::text::date, $4::text::date, $5::text::date, 'test')`, year, name, starts, ends, cutOff)
}

// Setting arranges an open school.
func (f *Facts) Setting(name string) int64 {
	f.t.Helper()
	return f.ID(`insert into setting (urn, name, authority_code, phase_name, low_age, high_age, source, town)
		values ((select coalesce(max(urn), 100000) + 1 from setting), $1, '332', 'Primary', 4, 16, 'gias', 'Dudley') returning id`, name)
}

// Person arranges an active account of a role.
func (f *Facts) Person(role access.Role, name string) access.Actor {
	f.t.Helper()
	email := strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@example.test"
	id := f.ID(`insert into account (email, name, role, state, created_at) values ($1, $2, $3, 'active', $4) returning id`, email, name, string(role), f.now())
	return access.Actor{ID: id, Name: name, Email: email, Role: role}
}

// Teacher arranges a designated teacher at a school.
func (f *Facts) Teacher(name string, settingID int64) access.Actor {
	f.t.Helper()
	actor := f.Person(access.School, name)
	f.Exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'designated_teacher', '[2024-09-01,)')`, actor.ID, settingID)
	return actor
}

// Child arranges a child in care since 1 September 2025, born on a day.
func (f *Facts) Child(forename, surname, born string) int64 {
	f.t.Helper()
	id := f.ID(`insert into child (la_child_id, forename, surname, date_of_birth, sex, created_at, updated_at)
		values ('LA' || (select count(*) + 1001 from child), $1, $2, $3::text::date, 'F', $4, $4) returning id`, forename, surname, born, f.now())
	f.Exec(`insert into care_period (child_id, period, source) values ($1, '[2025-09-01,)', 'test')`, id)
	f.Exec(`insert into legal_status (child_id, code, period, source) values ($1, 'C2', '[2025-09-01,)', 'test')`, id)
	f.Exec(`insert into placement (child_id, code, in_authority, period, source) values ($1, 'U6', true, '[2025-09-01,)', 'test')`, id)
	return id
}

// OnRoll puts a child on a school's main roll for a range of days, such as "[2025-09-01,)".
func (f *Facts) OnRoll(childID, settingID int64, period string) {
	f.t.Helper()
	f.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', $3::text::daterange, 'test')`, childID, settingID, period)
}

// Allocate gives a person a part for a child for a range of days.
func (f *Facts) Allocate(childID int64, part string, who access.Actor, period string) {
	f.t.Helper()
	f.Exec(`insert into allocation (child_id, account_id, part, period, reason, source) values ($1, $2, $3, $4::text::daterange, 'test', 'test')`, childID, who.ID, part, period)
}
