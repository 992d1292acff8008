package audit_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/audit"
)

func keyOf(t *testing.T, dir string) ed25519.PrivateKey {
	t.Helper()
	key, err := audit.LoadKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// written is a log with a dozen seals and a head.
func written(t *testing.T) (*log, string, ed25519.PrivateKey) {
	l := open(t, now)
	child := l.child()
	for n := range 8 {
		for m := range 4 {
			l.change(audit.Entry{ChildID: child, Subject: "child", SubjectID: n, Action: fmt.Sprintf("edited %d.%d", n, m), Before: n, After: map[string]int{"n": n, "m": m}})
			l.look(child)
		}
		l.seal()
	}
	folder, key := filepath.Join(t.TempDir(), "heads"), keyOf(t, t.TempDir())
	if err := audit.WriteHead(t.Context(), l.db, key, folder); err != nil {
		t.Fatal(err)
	}
	return l, folder, key
}

// rechain makes the seals anew, as somebody would who owns the database.
const rechain = `; do $$ declare s audit_seal; made record; begin
	for s in select * from audit_seal order by id loop
		select * into made from audit_hash(s.subject, s.from_transaction, s.to_transaction,
			(select b.hash from audit_seal b where b.subject = s.subject and b.id < s.id order by b.id desc limit 1));
		update audit_seal set hash = made.hash, row_count = made.row_count where id = s.id;
	end loop; end $$`

// tampering is one random way to change what was written.
func tampering(random *rand.Rand) (how, sql string) {
	table := []string{"audit_change", "audit_look"}[random.IntN(2)]
	subject := strings.TrimPrefix(table, "audit_")
	row := fmt.Sprintf(`(select id from %s order by id offset %d limit 1)`, table, random.IntN(32))
	seal := fmt.Sprintf(`(select id from audit_seal where subject = '%s' order by id offset %d limit 1)`, subject, random.IntN(8))
	column := []string{"account_id = account_id + 1", "at = at + interval '1 second'", "request_id = request_id || 'x'", "child_id = child_id + 1"}[random.IntN(4)]
	switch random.IntN(6) {
	case 0:
		how, sql = "edit", fmt.Sprintf(`update %s set %s where id = %s`, table, column, row)
	case 1:
		how, sql = "delete", fmt.Sprintf(`delete from %s where id = %s`, table, row)
	case 2: // two rows change places: each has the other's number
		how = "swap"
		other := fmt.Sprintf(`(select id from %s order by id desc offset %d limit 1)`, table, random.IntN(16))
		first := fmt.Sprintf(`(select id from %s order by id offset %d limit 1)`, table, random.IntN(16))
		sql = fmt.Sprintf(`create temp table pair on commit drop as select %s as a, %s as b;
			create temp table moved on commit drop as select * from %[3]s where id in (select a from pair union select b from pair);
			delete from %[3]s where id in (select id from moved);
			update moved set id = case when id = (select a from pair) then (select b from pair) else (select a from pair) end;
			insert into %[3]s overriding system value select * from moved`, first, other, table)
	case 3:
		how, sql = "insert", fmt.Sprintf(`insert into %[1]s overriding system value select * from (select (jsonb_populate_record(l, jsonb_build_object('id', 1000000))).* from %[1]s l where id = %[2]s) m`, table, row)
	case 4:
		how, sql = "a seal taken out", fmt.Sprintf(`delete from audit_seal where id = %s`, seal)
	case 5: // with everything after it, so that what is left is a whole chain
		how, sql = "tail cut", fmt.Sprintf(`create temp table cut on commit drop as select from_transaction from audit_seal where id = %s;
			delete from %s where written_in >= (select from_transaction from cut); delete from audit_seal where subject = '%s' and id >= %s`, seal, table, subject, seal)
	}
	if random.IntN(2) == 0 {
		how, sql = how+", chained anew", sql+rechain
	}
	return how, sql
}

// TestAThousandTamperingsAreFound changes the logs as their owner, with every trigger off, in 1,000 random
// ways, half of them with the chain made anew: the chain or the head that is kept outside finds each.
//
// ASVS 5.0: 16.4.2
func TestAThousandTamperingsAreFound(t *testing.T) {
	t.Parallel()
	tries := 1000
	if testing.Short() {
		tries = 100
	}
	l, folder, key := written(t)
	heads, wrong, err := audit.ReadHeads(folder, public(key))
	if err != nil || len(wrong) > 0 || len(heads) != 1 {
		t.Fatalf("%d heads, %v, %v", len(heads), wrong, err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	found, ways, onlyOutside := 0, map[string]int{}, 0
	look := func() (chain, outside bool) {
		rows, err := l.sql.Query(t.Context(), `select audit_broken_seals()`)
		if err != nil {
			t.Fatal(err)
		}
		broken, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			t.Fatal(err)
		}
		rows, err = l.sql.Query(t.Context(), audit.SealedSQL)
		if err != nil {
			t.Fatal(err)
		}
		list, err := pgx.CollectRows(rows, pgx.RowToStructByName[audit.Sealed])
		if err != nil {
			t.Fatal(err)
		}
		seals := map[int64]audit.Sealed{}
		for _, seal := range list {
			seals[seal.Seal] = seal
		}
		return len(broken) > 0, len(heads[0].Misfits(seals)) > 0
	}
	if chain, outside := look(); chain || outside {
		t.Fatal("tampering is found before there was any")
	}
	for n := range tries {
		how, sql := tampering(random)
		ways[how]++
		if _, err := l.sql.Exec(t.Context(), `begin; set local session_replication_role = replica; `+sql); err != nil {
			t.Fatalf("%d, %s: %v", n, how, err)
		}
		chain, outside := look()
		if chain || outside {
			found++
		} else {
			t.Errorf("%d, %s is not found: %s", n, how, sql)
		}
		if outside && !chain {
			onlyOutside++
		}
		if _, err := l.sql.Exec(t.Context(), `rollback`); err != nil {
			t.Fatal(err)
		}
	}
	if len(ways) != 12 || onlyOutside < tries/4 {
		t.Errorf("%v; only the head finds %d", ways, onlyOutside)
	}
	t.Logf("%d of %d tamperings found, %d of them by the head outside alone", found, tries, onlyOutside)
	if _, wrong, err := audit.CheckHeads(t.Context(), l.db, public(key), folder); err != nil || len(wrong) > 0 {
		t.Errorf("after all was put back: %v, %v", wrong, err)
	}
}

// TestADayHasOneHead: it is never written over, and what is done to the files is found.
func TestADayHasOneHead(t *testing.T) {
	t.Parallel()
	l, folder, key := written(t)
	file := filepath.Join(folder, "audit-head-2026-11-23.json")
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	l.look(int64(l.count(`select id from child`)))
	l.seal()
	day := 0
	later := func() {
		t.Helper()
		if err := audit.WriteHead(t.Context(), l.db.At(func() time.Time { return now.AddDate(0, 0, day) }), key, folder); err != nil {
			t.Fatal(err)
		}
	}
	later()
	if again, err := os.ReadFile(file); err != nil || string(again) != string(first) {
		t.Error("the day's head was written again")
	}
	for day = 1; day < 4; day++ {
		later()
	}
	if n, wrong, err := audit.CheckHeads(t.Context(), l.db, public(key), folder); n != 4 || len(wrong) > 0 || err != nil {
		t.Fatalf("%d heads, %v, %v", n, wrong, err)
	}
	second := filepath.Join(folder, "audit-head-2026-11-24.json")
	kept, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	for how, harm := range map[string]func() error{
		"one is taken away": func() error { return os.Remove(second) },
		"one is changed":    func() error { return replace(second, strings.Replace(string(kept), `\"rows\":`, `\"rows\":1`, 1)+" ") },
		"one is cut short":  func() error { return replace(second, string(kept[:40])) },
		"one is another's":  func() error { return replace(second, string(first)) },
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		if _, wrong, err := audit.CheckHeads(t.Context(), l.db, public(key), folder); err != nil || len(wrong) == 0 {
			t.Errorf("%s: nothing is found, %v", how, err)
		}
		if err := replace(second, string(kept)); err != nil {
			t.Fatal(err)
		}
	}
	if _, wrong, _ := audit.CheckHeads(t.Context(), l.db, public(keyOf(t, t.TempDir())), folder); len(wrong) != 4 {
		t.Errorf("with another key: %v", wrong)
	}
}

func replace(file, text string) error {
	if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o600)
}

func TestTheKeyStaysTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := keyOf(t, dir)
	if !first.Equal(keyOf(t, dir)) || first.Equal(keyOf(t, t.TempDir())) {
		t.Error("the key is another one at the second start, or the same everywhere")
	}
	file := filepath.Join(dir, "audit-key")
	if about, err := os.Stat(file); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", about, err)
	}
	if err := os.WriteFile(file, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.LoadKey(dir); err == nil {
		t.Error("half a key is taken")
	}
}

// TestNothingSealedHasNoHead, and nothing is written.
func TestNothingSealedHasNoHead(t *testing.T) {
	t.Parallel()
	l, folder := open(t, now), t.TempDir()
	if err := audit.WriteHead(context.Background(), l.db, keyOf(t, t.TempDir()), folder); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) > 0 {
		t.Errorf("%v, %v", files, err)
	}
}
