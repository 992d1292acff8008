package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/config"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// settings points the program at a database of the test's own, as demo or not.
func settings(t *testing.T, url string, demo string) {
	t.Helper()
	for name, value := range map[string]string{"DATABASE_URL": url, "VS_DATA_DIR": t.TempDir(), "VS_DEMO": demo, "VS_AUTHORITY_CODE": "332",
		"VS_ADDR": "127.0.0.1:8080", "VS_BASE_URL": "", "VS_PG_BIN": "", "VS_FORMS_DIR": "", "VS_SSO_FILE": "", "VS_AUDIT_HEADS": "", "VS_CLAMAV": "", "VS_COLOUR": "", "VS_SMTP_URL": "", "VS_MAIL_FROM": "", "VS_AUTHORITY_NAME": "",
		"VS_CHROMIUM": "", "VS_LOG_LEVEL": "", "VS_SESSION_IDLE": "", "VS_SESSION_MAX": "", "VS_TRUSTED_PROXY": ""} {
		t.Setenv(name, value)
	}
}

func typed(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), &out, args)
	return out.String(), err
}

func TestTheDoctorFindsWhatIsWrong(t *testing.T) {
	url := pgtest.URL(t)
	settings(t, url, "true")
	// A database for tests is not durable, and the doctor must say so; the assets need not be built.
	expected := regexp.MustCompile(`(?m)^wrong  (the styles|the database may lose).*\n`)
	said, err := typed(t, "doctor")
	if !errors.Is(err, errSaid) || !strings.Contains(said, "fsync off") {
		t.Fatalf("no word of a database that forgets: %v\n%s", err, said)
	}
	if rest := expected.ReplaceAllString(said, ""); strings.Contains(rest, "wrong  ") || strings.Count(rest, "\nok ") < 6 {
		t.Fatalf("a sound database:\n%s", said)
	}
	owner := pgtest.Connect(t, url)
	for _, harm := range []struct{ sql, says, mend string }{
		{"alter table roll no force row level security", "not forced on roll", "alter table roll force row level security"},
		{"update schema_migrations set dirty = true", "stopped half way", "update schema_migrations set dirty = false"},
		{"update schema_migrations set version = version - 1", "run virtualschool migrate", "update schema_migrations set version = version + 1"},
		{"insert into premium_year (financial_year) values (2024); update premium_account set balance_pence = 500 where kind = 'pool'", "Account pool, Pupil Premium Plus 2024-25: The balance is £5.00; by its transfers it is £0.00", ""},
		{`select set_config('app.scope', 'all', false); insert into child (la_child_id, date_of_birth, created_at, updated_at) values ('C1', '2018-05-14', '2026-01-01', '2026-01-01');
			insert into care_period (child_id, period, source) select id, '[2026-01-01,)', 'test' from child;
			insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at) select id, 'termly', 'ours', 100, 2026, 'autumn', 1, '2026-10-01' from child`,
			"the form ours version 100 is no longer there, but plans were begun with it (1)", ""},
	} {
		if _, err := owner.Exec(t.Context(), harm.sql); err != nil {
			t.Fatal(err)
		}
		if said, err := typed(t, "doctor"); err == nil || !strings.Contains(said, harm.says) {
			t.Errorf("after %q:\n%s", harm.sql, said)
		}
		if _, err := owner.Exec(t.Context(), harm.mend); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("VS_FORMS_DIR", "../../internal/pep/forms/testdata")
	if said, err := typed(t, "doctor"); err == nil || strings.Count(said, "faulty-20.yaml, line ") != 20 {
		t.Errorf("a folder with a faulty form:\n%s", said)
	}
	if _, err := typed(t, "user", "list"); err == nil || strings.Count(err.Error(), "faulty-20.yaml, line ") != 20 {
		t.Errorf("the program begins with a faulty form: %v", err)
	}
	settings(t, strings.Replace(url, "virtualschool@", "vs@", 1), "true")
	if said, _ := typed(t, "doctor"); !strings.Contains(said, "is a superuser") || !strings.Contains(said, "create role virtualschool_app") {
		t.Errorf("as a superuser:\n%s", said)
	}
	settings(t, "postgres://nobody@127.0.0.1:1/nothing", "true")
	if said, _ := typed(t, "doctor"); !strings.Contains(said, "cannot be reached") {
		t.Errorf("without a database:\n%s", said)
	}
	t.Setenv("VS_COLOUR", "pale")
	t.Setenv("VS_ADDR", "here")
	if said, _ := typed(t, "doctor"); !strings.Contains(said, "2 settings are wrong") {
		t.Errorf("wrong settings:\n%s", said)
	}
}

func TestPeopleFromTheShell(t *testing.T) {
	settings(t, pgtest.URL(t), "true")
	said, err := typed(t, "user", "add", "First.Head@council.example", "head", "Ann", "Other")
	if err != nil || !strings.Contains(said, "http://localhost:8080/reset/") {
		t.Fatalf("%v %s", err, said)
	}
	if said, err := typed(t, "user", "list"); err != nil || !strings.Contains(said, "first.head@council.example") || !strings.Contains(said, "Ann Other") {
		t.Errorf("%v %s", err, said)
	}
	if said, err := typed(t, "user", "reset", "first.head@council.example"); err != nil || !strings.Contains(said, "/reset/") {
		t.Errorf("%v %s", err, said)
	}
	for _, wrong := range []struct {
		args []string
		says string
	}{
		{[]string{"add", "first.head@council.example", "head", "Ann Other"}, "already"},
		{[]string{"add", "two@council.example", "wizard", "Ann"}, "no role"},
		{[]string{"add", "nothing", "head", "Ann"}, "email address"},
		{[]string{"add", "teacher@school.example", "school", "Ann"}, "--school URN"},
		{[]string{"add", "--school", "123456", "teacher@school.example", "school", "Ann"}, "no school has the URN"},
		{[]string{"reset", "nobody@council.example"}, "no account"},
		{[]string{"end", "first.head@council.example"}, "only active account"},
	} {
		if _, err := typed(t, append([]string{"user"}, wrong.args...)...); err == nil || !strings.Contains(err.Error(), wrong.says) {
			t.Errorf("user %v: %v", wrong.args, err)
		}
	}
	if said, err := typed(t, "user", "dance"); !errors.Is(err, errSaid) || !strings.Contains(said, "user add") {
		t.Errorf("%v %s", err, said)
	}
}

func TestSeedFromTheShell(t *testing.T) {
	url := pgtest.URL(t)
	settings(t, url, "false")
	t.Setenv("VS_BASE_URL", "https://virtual.council.example")
	if _, err := typed(t, "seed"); err == nil || !strings.Contains(err.Error(), "VS_DEMO=true") {
		t.Errorf("outside demo mode: %v", err)
	}
	settings(t, url, "true")
	if said, err := typed(t, "seed", "--children", "3"); err != nil || !strings.Contains(said, "Made in") {
		t.Fatalf("%v %s", err, said)
	}
	if _, err := typed(t, "seed", "--children", "3"); err == nil || !strings.Contains(err.Error(), "never mixed") {
		t.Errorf("a second time: %v", err)
	}
	if _, err := typed(t, "seed", "--children", "0"); err == nil {
		t.Error("no children: no error")
	}
	if _, err := typed(t, "seed", "more"); err == nil {
		t.Error("a word too many: no error")
	}
}

func TestOneServerForADataFolderAndAPort(t *testing.T) {
	t.Parallel()
	folder := config.Config{DataDir: filepath.Join(t.TempDir(), "data"), BaseURL: "http://localhost:8080"}
	release, err := onlyServer(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := onlyServer(folder); err == nil || !strings.Contains(err.Error(), "http://localhost:8080") {
		t.Errorf("a second server: %v", err)
	}
	release()
	again, err := onlyServer(folder)
	if err != nil {
		t.Fatalf("after the first is gone: %v", err)
	}
	again()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, err = net.Listen("tcp", listener.Addr().String())
	if words := busy(listener.Addr().String(), err).Error(); !strings.Contains(words, "VS_ADDR=") {
		t.Errorf("a busy port: %s", words)
	}
}

func TestADatabaseThatIsBehindIsNotWorkedOn(t *testing.T) {
	url := pgtest.URL(t)
	settings(t, url, "false")
	t.Setenv("VS_BASE_URL", "https://virtual.council.example")
	owner := pgtest.Connect(t, url)
	for _, harm := range []struct{ sql, says string }{
		{"update schema_migrations set version = version - 1", "virtualschool migrate"},
		{"update schema_migrations set version = version + 2", "newer program"},
		{"update schema_migrations set dirty = true", "half way"},
	} {
		if _, err := owner.Exec(t.Context(), harm.sql); err != nil {
			t.Fatal(err)
		}
		if _, err := typed(t, "user", "list"); err == nil || !strings.Contains(err.Error(), harm.says) {
			t.Errorf("after %q: %v", harm.sql, err)
		}
	}
}

// TestTheDoctorFindsACutTail: the chain is made anew without its end, so that it is whole in itself, and
// does not fit the head that is kept outside.
func TestTheDoctorFindsACutTail(t *testing.T) {
	url := pgtest.URL(t)
	settings(t, url, "true")
	heads := t.TempDir()
	t.Setenv("VS_AUDIT_HEADS", heads)
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	seal := func() {
		t.Helper()
		if err := db.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) error {
			return audit.Change(ctx, tx, audit.Entry{Subject: "account", SubjectID: 1, Action: "invited"})
		}); err != nil {
			t.Fatal(err)
		}
		if err := audit.Seal(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	arrange := pgtest.Connect(t, strings.Replace(url, "virtualschool@", "vs@", 1))
	for n := 0; n < 3; { // rows of transactions that other tests hold back are sealed a moment later
		seal()
		if err := arrange.QueryRow(t.Context(), `select count(*) from audit_seal`).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	key, err := audit.LoadKey(os.Getenv("VS_DATA_DIR"))
	if err != nil {
		t.Fatal(err)
	}
	if err := audit.WriteHead(t.Context(), db, key, heads); err != nil {
		t.Fatal(err)
	}
	if said, _ := typed(t, "doctor"); !strings.Contains(said, "the audit fits the 1 signed heads") {
		t.Errorf("before anybody touched it:\n%s", said)
	}
	if _, err := arrange.Exec(t.Context(), `set session_replication_role = replica; delete from audit_change where written_in >= (select max(from_transaction) from audit_seal);
		delete from audit_seal where id = (select max(id) from audit_seal)`); err != nil {
		t.Fatal(err)
	}
	if said, _ := typed(t, "doctor"); !strings.Contains(said, "the audit is as it was sealed") || !strings.Contains(said, "the log of changes is not what it was") {
		t.Errorf("after its tail was cut:\n%s", said)
	}
}
