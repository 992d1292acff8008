package webtest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
)

// ChildTables finds, in the database's own catalogue, every table that has a child in it, with the
// column that says which. A table without a forced policy fails the test.
func (s *Site) ChildTables() map[string]string {
	s.t.Helper()
	rows, err := s.SQL.Query(context.Background(), `select c.relname, a.attname, c.relrowsecurity and c.relforcerowsecurity
		from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and (a.attname = 'child_id' or (c.relname = 'child' and a.attname = 'id'))`)
	if err != nil {
		s.t.Fatal(err)
	}
	tables := map[string]string{}
	var table, column string
	var walled bool
	_, err = pgx.ForEachRow(rows, []any{&table, &column, &walled}, func() error {
		if !walled {
			s.t.Errorf("table %s has a child in it and no forced row-level security", table)
		}
		tables[table] = column
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return tables
}

// RowsAs counts the rows about a child (0: all) that a person sees in a table, asking the database directly.
func (s *Site) RowsAs(who access.Actor, table, column string, childID int64) (count int64) {
	s.t.Helper()
	condition := ""
	if childID != 0 {
		condition = fmt.Sprintf(" where %s = %d", pgx.Identifier{column}.Sanitize(), childID)
	}
	var batch postgres.Batch
	postgres.Value(&batch, &count, `select count(*) from `+pgx.Identifier{table}.Sanitize()+condition, nil)
	if err := s.DB.View(context.Background(), who, &batch); err != nil {
		s.t.Fatalf("%s as %s: %v", table, who.Role, err)
	}
	return count
}
