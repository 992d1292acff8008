package webtest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/postgres/pgtest"
)

// Query is a statement as it reached the database.
type Query struct {
	SQL  string
	Args []any
}

// tracer sees what goes to the database: each statement, and each trip.
type tracer struct {
	mu      sync.Mutex
	trips   int
	queries []Query
}

func (tr *tracer) saw(sql string, args []any, trips int) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.trips += trips
	if sql != "" {
		tr.queries = append(tr.queries, Query{sql, args})
	}
}

func (tr *tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	tr.saw(data.SQL, data.Args, 1)
	return ctx
}
func (tr *tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (tr *tracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	tr.saw("", nil, 1)
	return ctx
}

func (tr *tracer) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	tr.saw(data.SQL, data.Args, 0)
}
func (tr *tracer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// Cost is what a page asks of the database.
type Cost struct {
	Trips   int // round trips, the session's own among them
	Queries []Query
}

// CostOf opens a page twice, so that every statement is prepared, and says what the second time cost.
func (s *Site) CostOf(v *Visitor, path string) Cost {
	s.t.Helper()
	v.Get(path)
	s.tracer.mu.Lock()
	s.tracer.trips, s.tracer.queries = 0, nil
	s.tracer.mu.Unlock()
	if page := v.Get(path); page.Status != http.StatusOK {
		s.t.Fatalf("%s: %d", path, page.Status)
	}
	s.tracer.mu.Lock()
	defer s.tracer.mu.Unlock()
	return Cost{Trips: s.tracer.trips, Queries: slices.Clone(s.tracer.queries)}
}

// Own are the statements of the page itself: not the session's, the entering or the audit.
func (c Cost) Own() []Query {
	return slices.DeleteFunc(slices.Clone(c.Queries), func(q Query) bool {
		return strings.Contains(q.SQL, "set_config(") || strings.Contains(q.SQL, "from session") || strings.HasPrefix(strings.TrimSpace(q.SQL), "insert into audit_look")
	})
}

// AdminURL is the database's address for a login that no policy holds.
func (s *Site) AdminURL() string { return pgtest.AdminURL(s.t, s.DB) }

// Walls puts row-level security up or down on every table about a child.
func (s *Site) Walls(up bool) {
	s.t.Helper()
	verb := "disable"
	if up {
		verb = "enable"
	}
	if s.walled == nil {
		s.walled = s.ChildTables()
	}
	for table := range s.walled {
		s.Exec(`alter table ` + pgx.Identifier{table}.Sanitize() + ` ` + verb + ` row level security`)
	}
}

// Client is the visitor's browser, to be driven by hand.
func (v *Visitor) Client() *http.Client { return v.http }
