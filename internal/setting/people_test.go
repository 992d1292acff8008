package setting_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/setting"
)

// house is a database with a few settings, people and children in care.
type house struct {
	db      *postgres.DB
	arrange *pgx.Conn
	service *setting.Service
	oak     int64 // a school in the authority, with two children
	elm     int64 // a school that is closing, with one
	ash     int64 // its successor
	far     int64 // out of the authority, with one
	people  map[access.Role]access.Actor
}

func build(t *testing.T) *house {
	t.Helper()
	db := pgtest.Open(t)
	h := &house{db: db, arrange: pgtest.Arrange(t, db), service: &setting.Service{DB: db, AuthorityCode: "332"}, people: map[access.Role]access.Actor{}}
	add := func(urn int, name, town, postcode, la, status string) int64 {
		return h.id(t, `insert into setting (urn, name, town, postcode, authority_code, establishment_number, phase_name, status, source)
			values ($1, $2, $3, $4, $5, $6, 'Primary', $7, 'gias') returning id`, urn, name, town, postcode, la, fmt.Sprint(urn%10000), status)
	}
	h.oak = add(100001, "St Mary’s Oak Primary School", "Dudley", "DY1 2AB", "332", "open")
	h.elm = add(100002, "Elm Green School", "Dudley", "DY1 3CD", "332", "closing")
	h.ash = add(100003, "Elm Green Academy", "Dudley", "DY1 3CD", "332", "proposed")
	h.far = add(100004, "Hollybush Primary School", "Leeds", "LS1 4AA", "383", "open")
	add(100005, "St Mary’s Oak Infants", "Dudley", "DY1 2AB", "332", "closed")
	h.do(t, `insert into setting_link (urn, link_urn, link_name, link_type) values (100002, 100003, 'Elm Green Academy', 'Successor'), (100002, 99, 'Long gone', 'Predecessor')`)
	for _, role := range access.Roles {
		id := h.id(t, `insert into account (email, name, role, state, created_at) values ($1 || '@setting.test', 'Ms ' || $1, $1, 'active', '2026-01-01') returning id`, string(role))
		h.people[role] = access.Actor{ID: id, Name: "Ms " + string(role), Role: role}
	}
	for i, at := range []int64{h.oak, h.oak, h.elm, h.far} {
		child := h.id(t, `insert into child (la_child_id, forename, surname, date_of_birth, created_at, updated_at)
			values ($1, 'Child', $2, '2016-01-05', '2026-01-01', '2026-01-01') returning id`, fmt.Sprint("C", i), fmt.Sprint("Name ", i))
		h.do(t, `insert into care_period (child_id, period, source) values ($1, '[2020-01-01,)', 'test')`, child)
		h.do(t, `insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2020-09-01,)', 'test')`, child, at)
		if i == 0 {
			h.do(t, `insert into allocation (child_id, account_id, part, period, source) values ($1, $2, 'advisor', '[2020-01-01,)', 'test')`, child, h.people[access.Advisor].ID)
		}
	}
	h.do(t, `insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'designated_teacher', '[2020-01-01,)')`, h.people[access.School].ID, h.oak)
	return h
}

func (h *house) id(t *testing.T, sql string, args ...any) (id int64) {
	t.Helper()
	if err := h.arrange.QueryRow(t.Context(), sql, args...).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func (h *house) do(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := h.arrange.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (h *house) view(t *testing.T, role access.Role, queue func(*postgres.Batch)) {
	t.Helper()
	var batch postgres.Batch
	queue(&batch)
	if err := h.db.View(t.Context(), h.people[role], &batch); err != nil {
		t.Fatal(err)
	}
}
