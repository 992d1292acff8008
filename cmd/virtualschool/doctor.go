package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/config"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/cluster"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/assets"
)

// What the doctor asks for.
const (
	leastServer = 150000  // PostgreSQL 15
	leastDisk   = 1 << 30 // bytes
	mostSkew    = 5 * time.Second
)

// examination is the doctor's round: what was looked at, and what was wrong.
type examination struct {
	out   io.Writer
	wrong int
	set   forms.Set // empty when the forms are wrong
}

func (e *examination) ok(format string, args ...any) {
	fmt.Fprintf(e.out, "ok     "+format+"\n", args...)
}

func (e *examination) bad(format string, args ...any) {
	e.wrong++
	fmt.Fprintf(e.out, "wrong  "+format+"\n", args...)
}

// doctor looks at everything the server stands on and changes nothing. It fails when anything is wrong.
func doctor(ctx context.Context, out io.Writer, _ []string) error {
	e := &examination{out: out}
	if assets.Built() {
		e.ok("styles and scripts are built")
	} else {
		e.bad("the styles and scripts are not built: run make assets, then make build")
	}
	settings, err := config.Load(os.Environ())
	if err != nil {
		e.bad("%s", strings.ReplaceAll(err.Error(), "\n", "\n       "))
	} else {
		e.ok("settings")
		if program := pdf.Find(settings.Chromium); program != "" {
			e.ok("PDF files are made by %s", program)
		} else {
			e.ok("no PDF files are made, for there is no Chromium: plans are printed from the browser")
		}
		e.disk(settings)
		e.forms(settings)
		e.database(ctx, settings)
	}
	if e.wrong == 0 {
		fmt.Fprintln(out, "Everything is as it should be.")
		return nil
	}
	fmt.Fprintf(out, "Found %d wrong.\n", e.wrong)
	return errSaid
}

func (e *examination) disk(settings config.Config) {
	dir := settings.DataDir
	for {
		var about syscall.Statfs_t
		err := syscall.Statfs(dir, &about)
		if errors.Is(err, os.ErrNotExist) && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir) // the folder is made at the first start
			continue
		}
		if err != nil {
			e.bad("the data folder %s cannot be looked at (%v): set VS_DATA_DIR to a folder you may write to", settings.DataDir, err)
			return
		}
		free := uint64(about.Bavail) * uint64(about.Bsize) //nolint:unconvert // signed on some systems
		if free < leastDisk {
			e.bad("only %d MB are free for %s: make room, or set VS_DATA_DIR to a larger disk", free>>20, settings.DataDir)
		} else {
			e.ok("disk: %d GB are free for %s", free>>30, settings.DataDir)
		}
		return
	}
}

// forms reads the forms for plans, and lists every problem of every file.
func (e *examination) forms(settings config.Config) {
	set, err := loadForms(settings)
	if err != nil {
		e.bad("%s", strings.ReplaceAll(err.Error(), "\n", "\n       "))
		return
	}
	e.set = set
	own := 0
	for _, form := range set.All() {
		if form.Own {
			own++
		}
	}
	e.ok("forms for plans: %d, of which %d the council's own", len(set.All()), own)
}

func (e *examination) database(ctx context.Context, settings config.Config) {
	url := settings.DatabaseURL
	if settings.Embedded() {
		if _, err := os.Stat(filepath.Join(settings.DataDir, "postgres")); errors.Is(err, os.ErrNotExist) {
			e.ok("database: none yet in %s; serve makes it", settings.DataDir)
			return
		}
		server, err := cluster.Start(ctx, cluster.Options{Dir: settings.DataDir, Bin: settings.PostgresBin})
		if err != nil {
			e.bad("the database does not start: %v", err)
			return
		}
		defer server.Close()
		url = server.OwnerURL(cluster.Database)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		e.bad("the database cannot be reached: %v\n       Check DATABASE_URL, and that the server runs and lets this machine in.", err)
		return
	}
	defer conn.Close(context.WithoutCancel(ctx))
	e.server(ctx, conn, settings)
	if e.role(ctx, conn) && e.migrations(ctx, url) {
		e.walls(ctx, conn)
		e.records(ctx, url, settings)
	}
}

func (e *examination) server(ctx context.Context, conn *pgx.Conn, settings config.Config) {
	var number int
	var version, fsync, commit, pages string
	var now time.Time
	asked := time.Now()
	err := conn.QueryRow(ctx, `select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('fsync'),
		current_setting('synchronous_commit'), current_setting('full_page_writes'), clock_timestamp()`).Scan(&number, &version, &fsync, &commit, &pages, &now)
	if err != nil {
		e.bad("the database does not answer: %v", err)
		return
	}
	if number < leastServer {
		e.bad("the database is PostgreSQL %s: version 15 or later is needed", version)
	} else {
		e.ok("database: PostgreSQL %s", version)
	}
	if fsync != "on" || pages != "on" || commit == "off" {
		e.bad("the database may lose what it said was saved (fsync %s, full_page_writes %s, synchronous_commit %s): switch all three on", fsync, pages, commit)
	} else {
		e.ok("what is saved is on disk")
	}
	middle := asked.Add(time.Since(asked) / 2)
	if skew := now.Sub(middle).Abs(); skew > mostSkew {
		e.bad("the clocks of this machine and the database differ by %s: set both by the network (NTP)", skew.Round(time.Second))
	} else {
		e.ok("clock: %s", calendar.Moment(now)+" in London")
	}
}

// role looks at the login: row-level security must hold it, and it must be able to take on the working role.
func (e *examination) role(ctx context.Context, conn *pgx.Conn) bool {
	var login string
	var mighty, exists, member bool
	err := conn.QueryRow(ctx, `select quote_ident(current_user), l.rolsuper or l.rolbypassrls, a.oid is not null, coalesce(pg_has_role(current_user, a.oid, 'member'), false)
		from pg_roles l left join pg_roles a on a.rolname = 'virtualschool_app' where l.rolname = current_user`).Scan(&login, &mighty, &exists, &member)
	switch {
	case err != nil:
		e.bad("the database does not say who we are: %v", err)
	case mighty:
		e.bad("the login %s is a superuser or may bypass row-level security, so nothing would hold it back from children's records. As an administrator run this, and sign in as virtualschool:\n%s", login, indented(cluster.PrepareSQL))
	case !exists:
		e.bad("the working role is missing. As an administrator run:\n%s       grant virtualschool_app to %s;", indented(cluster.PrepareSQL), login)
	case !member:
		e.bad("the login %s may not work as virtualschool_app. As an administrator run:\n       grant virtualschool_app to %s;", login, login)
	default:
		e.ok("login %s is held by row-level security", login)
		return true
	}
	return false
}

func indented(sql string) string {
	var lines strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(sql), "\n") {
		lines.WriteString("       " + line + "\n")
	}
	return lines.String()
}

func (e *examination) migrations(ctx context.Context, url string) bool {
	current, want, dirty, err := postgres.MigrationState(ctx, url)
	switch {
	case err != nil:
		e.bad("the state of the migrations cannot be read: %v", err)
	case dirty:
		e.bad("migration %d stopped half way: run virtualschool migrate, which says what to do", current)
	case current < want:
		e.bad("the database is at migration %d of %d: run virtualschool migrate", current, want)
	case current > want:
		e.bad("the database is at migration %d and this program knows %d: run the newer program", current, want)
	default:
		e.ok("migrations: %d", current)
		return true
	}
	return false
}

// walls looks for tables about a child that row-level security does not hold everyone from.
func (e *examination) walls(ctx context.Context, conn *pgx.Conn) {
	rows, err := conn.Query(ctx, `select c.relname, c.relrowsecurity and c.relforcerowsecurity from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
			and (c.relname = 'child' or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'child_id' and not a.attisdropped))
		order by c.relname`)
	if err != nil {
		e.bad("the tables cannot be looked at: %v", err)
		return
	}
	var open []string
	tables := 0
	var name string
	var held bool
	_, err = pgx.ForEachRow(rows, []any{&name, &held}, func() error {
		tables++
		if !held {
			open = append(open, name)
		}
		return nil
	})
	switch {
	case err != nil:
		e.bad("the tables cannot be looked at: %v", err)
	case len(open) > 0:
		e.bad("row-level security is not forced on %s: for each run, as their owner: alter table … enable row level security, force row level security;", strings.Join(open, ", "))
	default:
		e.ok("row-level security is forced on all %d tables about children", tables)
	}
}

// records looks at what must always add up: the seals of the audit, the premium's balances, the figures of attendance.
func (e *examination) records(ctx context.Context, url string, settings config.Config) {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		e.bad("%v", err)
		return
	}
	defer db.Close()
	switch broken, err := audit.Check(ctx, db); {
	case err != nil:
		e.bad("the audit cannot be checked: %v", err)
	case len(broken) > 0:
		e.bad("the audit has been changed after it was sealed: seals %v. Keep the database as it is and tell whoever is responsible for information security.", broken)
	default:
		e.ok("the audit is as it was sealed")
	}
	switch unproven, err := audit.CheckDeletions(ctx, db); {
	case err != nil:
		e.bad("the certificates of deleted records cannot be checked: %v", err)
	case len(unproven) > 0:
		e.bad("the audit does not bear out the certificates %v of deleted records. Keep the database as it is and tell whoever is responsible for information security.", unproven)
	default:
		e.ok("what was deleted of the audit went with records, by their certificates")
	}
	e.heads(ctx, db, settings)
	e.begunForms(ctx, db)
	e.books(ctx, db)
	e.registers(ctx, db)
}

// heads compares the audit with its signed heads outside the database.
func (e *examination) heads(ctx context.Context, db *postgres.DB, settings config.Config) {
	if _, err := os.Stat(settings.AuditHeads); errors.Is(err, os.ErrNotExist) {
		e.ok("no signed head of the audit yet in %s; serve makes one each day", settings.AuditHeads)
		return
	}
	key, err := audit.LoadKey(settings.DataDir)
	if err != nil {
		e.bad("the key of the audit's heads: %v", err)
		return
	}
	heads, wrong, err := audit.CheckHeads(ctx, db, key.Public().(ed25519.PublicKey), settings.AuditHeads)
	switch {
	case err != nil:
		e.bad("the audit's heads in %s cannot be read: %v", settings.AuditHeads, err)
	case len(wrong) == 0:
		e.ok("the audit fits the %d signed heads in %s", heads, settings.AuditHeads)
	}
	for _, one := range wrong {
		e.bad("the audit does not fit its signed heads: %s. Keep the database and %s as they are and tell whoever is responsible for information security", one, settings.AuditHeads)
	}
}

// registers looks whether the kept figures of attendance are what the marks say.
func (e *examination) registers(ctx context.Context, db *postgres.DB) {
	differences, err := attendance.Check(ctx, db)
	if err != nil {
		e.bad("the figures of attendance cannot be compared with their marks: %v", err)
		return
	}
	if len(differences) == 0 {
		e.ok("the figures of attendance are what the marks say")
	}
	for _, one := range differences {
		e.bad("attendance of child %d at setting %d, %s %s: the figures are not what the marks say. Keep the database as it is, and find out who changed it",
			one.ChildID, one.SettingID, calendar.AcademicYearLabel(one.AcademicYear), one.HalfTerm)
	}
}

// books looks whether ledger, requests, payments and the files for finance agree to the penny.
func (e *examination) books(ctx context.Context, db *postgres.DB) {
	var differences []payment.Difference
	var batch postgres.Batch
	payment.QueueDifferences(&batch, &differences)
	if err := db.View(ctx, access.System, &batch); err != nil {
		e.bad("the premium's books cannot be compared: %v", err)
		return
	}
	if len(differences) == 0 {
		e.ok("the premium's ledger, requests, payments and files for finance agree to the penny")
	}
	for _, one := range differences {
		e.bad("%s: %s. Stop approving and paying, keep the database as it is, and find out who changed it", one.Where(), one.Words())
	}
}

// begunForms looks for plans whose form has been taken away: they could no longer be read.
func (e *examination) begunForms(ctx context.Context, db *postgres.DB) {
	type used struct {
		Form    string
		Version int
		Plans   int
	}
	var all []used
	var batch postgres.Batch
	postgres.Many(&batch, &all, `select form, form_version as version, count(*)::int as plans from pep group by form, form_version order by form, form_version`, nil)
	if err := db.View(ctx, access.System, &batch); err != nil {
		e.bad("the forms of plans cannot be checked: %v", err)
		return
	}
	missing := false
	for _, one := range all {
		if _, there := e.set.Form(one.Form, one.Version); !there && len(e.set.All()) > 0 {
			missing = true
			e.bad("the form %s version %d is no longer there, but plans were begun with it (%d): put its file back into VS_FORMS_DIR", one.Form, one.Version, one.Plans)
		}
	}
	if !missing {
		e.ok("every plan's form is there")
	}
}
