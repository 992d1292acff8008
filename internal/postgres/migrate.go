package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/pgx/v5" // the scheme pgx5://
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"virtualschool/migrations"
)

// migrateLock is the number of the advisory lock held while a database is
// migrated.
const migrateLock = 0x5653_0001

// appRole is the role every transaction takes on; roleSQL makes it. Roles belong
// to the whole server, so it is not for the migrations to make.
const (
	appRole = "virtualschool_app"
	roleSQL = `create role virtualschool_app nologin nosuperuser nobypassrls nocreaterole nocreatedb`
)

// queueGrants gives the working role its way into the tables of the job queue,
// which come from the queue's library and not from our migrations.
const queueGrants = `
do $$
declare
	found regclass;
	kind "char";
begin
	for found, kind in
		select oid::regclass, relkind from pg_class
		where relnamespace = 'public'::regnamespace and relname like 'river\_%' and relkind in ('r', 'p', 'S')
	loop
		if kind = 'S' then
			execute format('grant usage on sequence %s to virtualschool_app', found);
		else
			execute format('grant select, insert, update, delete on %s to virtualschool_app', found);
		end if;
	end loop;
end
$$;
grant usage on schema public to virtualschool_app;
`

// Migrate brings the database up to date: our migrations, then the job queue's,
// then what the working role may do with the queue. The URL is that of the
// database's owner. It may run again and again and from several processes at
// once: one works, the others wait and find nothing to do.
func Migrate(ctx context.Context, url string) error {
	return MigrateTo(ctx, url, migrations.FS)
}

// MigrateTo is Migrate with other files: the first of ours, to see what the rest make of older rows.
func MigrateTo(ctx context.Context, url string, files fs.FS) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // gives the lock back
	if err := waitForMigrateLock(ctx, conn); err != nil {
		return err
	}
	if err := ensureRole(ctx, conn); err != nil {
		return err
	}
	if err := migrateOurs(ctx, conn, url, files); err != nil {
		return err
	}
	if err := migrateQueue(ctx, url); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	if _, err := conn.Exec(ctx, queueGrants); err != nil {
		return fmt.Errorf("grant the job queue to %s: %w", appRole, err)
	}
	return nil
}

// waitForMigrateLock asks again and again rather than waiting inside one
// statement, whose snapshot would stop a "create index concurrently".
func waitForMigrateLock(ctx context.Context, conn *pgx.Conn) error {
	for {
		var got bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", migrateLock).Scan(&got); err != nil || got {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("another process is migrating this database: %w", ctx.Err())
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// ensureRole makes the working role where it may, and otherwise says what
// someone who may has to run.
func ensureRole(ctx context.Context, conn *pgx.Conn) error {
	var login string
	var exists, member bool
	err := conn.QueryRow(ctx, `
		select quote_ident(current_user), r.oid is not null, coalesce(pg_has_role(current_user, r.oid, 'member'), false)
		from (select) one left join pg_roles r on r.rolname = $1`, appRole).Scan(&login, &exists, &member)
	if err != nil || member {
		return err
	}
	grant := "grant " + appRole + " to " + login
	steps := []string{grant}
	if !exists {
		steps = []string{roleSQL, grant}
	}
	for _, sql := range steps {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("the role %s is not there or not granted to %s, who may not change that. "+
				"Run this once as a role that may, then migrate again:\n  %s;\n%w", appRole, login, strings.Join(steps, ";\n  "), err)
		}
	}
	return nil
}

func migrateOurs(ctx context.Context, conn *pgx.Conn, url string, files fs.FS) error {
	current, dirty, err := currentVersion(ctx, conn)
	if err != nil {
		return err
	}
	want, err := newestVersion(files)
	if err != nil {
		return err
	}
	switch {
	case dirty:
		return fmt.Errorf("migration %d stopped half way in an earlier run. %s", current, afterFailure(current))
	case current > want:
		return fmt.Errorf("the database is at version %d and this program knows versions up to %d: run the newer program", current, want)
	case current == want:
		return nil
	}
	source, err := iofs.New(files, ".")
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	target, err := withScheme(url, "pgx5")
	if err != nil {
		return err
	}
	m, err := migrate.NewWithSourceInstance("iofs", source, target)
	if err != nil {
		return fmt.Errorf("open the database for migrating: %w", err)
	}
	defer m.Close()
	stop := context.AfterFunc(ctx, func() { m.GracefulStop <- true })
	defer stop()
	if err := m.Up(); err != nil && !errors.Is(err, migrate.ErrNoChange) {
		failed, dirty, stateErr := currentVersion(ctx, conn)
		if stateErr == nil && dirty {
			return fmt.Errorf("migration %d failed: %w\n%s", failed, err, afterFailure(failed))
		}
		return fmt.Errorf("migrate: %w", err)
	}
	return ctx.Err()
}

// afterFailure says how to go on after a failed migration. A file runs as one
// transaction, so nothing of it stays.
func afterFailure(version uint) string {
	sql := fmt.Sprintf("update schema_migrations set version = %d, dirty = false", version-1)
	if version <= 1 {
		sql = "delete from schema_migrations"
	}
	return "Nothing of it was kept. Put right what it complained of, then say so to the database and migrate again:\n  " + sql
}

func withScheme(dsn, scheme string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errors.New("DATABASE_URL must be a URL that begins postgres://")
	}
	u.Scheme = scheme
	return u.String(), nil
}

func migrateQueue(ctx context.Context, url string) error {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return err
	}
	cfg.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	m, err := queueMigrator(pool)
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func queueMigrator(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	return rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
}

// MigrationState says which version the database is at, which one this program
// wants, and whether a migration stopped half way. Zero is a database that was
// never migrated.
func MigrationState(ctx context.Context, url string) (current, want uint, dirty bool, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, 0, false, fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if want, err = newestVersion(migrations.FS); err != nil {
		return 0, 0, false, err
	}
	current, dirty, err = currentVersion(ctx, conn)
	return current, want, dirty, err
}

func currentVersion(ctx context.Context, conn *pgx.Conn) (version uint, dirty bool, err error) {
	err = conn.QueryRow(ctx, "select version, dirty from schema_migrations").Scan(&version, &dirty)
	var pgErr *pgconn.PgError
	if errors.Is(err, pgx.ErrNoRows) || errors.As(err, &pgErr) && pgErr.Code == "42P01" { // no such table yet
		return 0, false, nil
	}
	return version, dirty, err
}

func newestVersion(files fs.FS) (uint, error) {
	names, err := fs.Glob(files, "*.up.sql")
	if err != nil {
		return 0, err
	}
	var newest uint64
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("migration %s does not begin with a number", name)
		}
		newest = max(newest, n)
	}
	return uint(newest), nil
}

// SchemaFingerprint names what Migrate makes: two programs with the same
// fingerprint make the same tables.
func SchemaFingerprint() (string, error) {
	h := sha256.New()
	names, err := fs.Glob(migrations.FS, "*.up.sql")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		b, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(b), b)
	}
	m, err := queueMigrator(nil)
	if err != nil {
		return "", err
	}
	for _, v := range m.AllVersions() {
		fmt.Fprintf(h, "queue %d\n%s", v.Version, v.SQLUp)
	}
	fmt.Fprintf(h, "grants\n%s", queueGrants)
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), nil
}
