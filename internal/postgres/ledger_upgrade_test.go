package postgres_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/migrations"
)

// before are the migrations up to a number.
func before(t *testing.T, number string) fs.FS {
	t.Helper()
	kept := fstest.MapFS{}
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if name < number {
			text, err := fs.ReadFile(migrations.FS, name)
			if err != nil {
				t.Fatal(err)
			}
			kept[name] = &fstest.MapFile{Data: text}
		}
	}
	return kept
}

// A ledger that was written before there were several grants is brought along: its entries are named,
// and its requests know what was committed for them.
func TestAnOlderLedgerIsBroughtAlong(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	if err := postgres.MigrateTo(t.Context(), url, before(t, "000017")); err != nil {
		t.Fatal(err)
	}
	conn := pgtest.Connect(t, url)
	if _, err := conn.Exec(t.Context(), `
		select set_config('app.scope', 'all', false), set_config('app.actor', '1', false);
		insert into account (email, name, role, state, created_at) values ('d@people.test', 'D', 'deputy', 'active', now());
		insert into child (la_child_id, date_of_birth, created_at, updated_at) values ('C1', '2016-03-04', now(), now());
		insert into care_period (child_id, period, source) select id, '[2024-01-10,)', 'test' from child;
		insert into premium_year (financial_year) values (2026);
		insert into premium_transfer (financial_year, from_account, to_account, amount_pence, reason, idempotency_key, made_by, made_at, made_on)
			select 2026, f.id, t.id, 5000, 'income', gen_random_uuid(), 1, now(), '2026-05-01' from premium_account f, premium_account t where f.kind = 'grant' and t.kind = 'pool';
		begin;
		insert into premium_request (child_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
			select c.id, 2026, 'literacy', 'p', 'd', 300, a.id, now() from child c, account a where a.role = 'deputy';
		update premium_request set state = 'approved', approved_pence = 300, decided_by = 1, decided_at = now();
		insert into premium_transfer (financial_year, from_account, to_account, amount_pence, request_id, child_id, reason, idempotency_key, made_by, made_at, made_on)
			select 2026, f.id, t.id, 300, r.id, r.child_id, 'literacy', gen_random_uuid(), 1, now(), '2026-05-02'
			from premium_account f, premium_account t, premium_request r where f.kind = 'pool' and t.kind = 'committed';
		commit`); err != nil {
		t.Fatal(err)
	}
	if err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	var kinds string
	var committed int
	if err := conn.QueryRow(t.Context(), `select string_agg(kind, ' ' order by id), (select committed_pence::int from premium_request) from premium_transfer`).Scan(&kinds, &committed); err != nil {
		t.Fatal(err)
	}
	if kinds != "income commit" || committed != 300 {
		t.Errorf("entries %q, committed %d", kinds, committed)
	}
}
