package pgtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/cluster"
)

// Numbers of advisory locks in the cluster's own database.
const (
	sweepLock    = 0x5653_0101
	templateLock = 0x5653_0102
)

// ground is the cluster that test packages share, with a few connections as its
// superuser for making databases.
type ground struct {
	server *cluster.Server
	admin  *pgxpool.Pool

	once     sync.Once
	template string
	err      error
}

func startShared() (*ground, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	cache := filepath.Join(root, ".data", "pgbin")
	server, err := cluster.Start(ctx, options(folder(root), cache))
	if err != nil {
		return nil, err
	}
	cfg, err := pgxpool.ParseConfig(server.AdminURL("postgres"))
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	cfg.MaxConns = 4
	admin, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	g := &ground{server: server, admin: admin}
	if err := g.locked(ctx, sweepLock, func() error { return g.sweep(ctx) }); err != nil {
		admin.Close()
		return nil, errors.Join(err, server.Close())
	}
	return g, nil
}

// folder is where the cluster lives: in memory when there is more than 1 GB of
// it to spare, one folder for each checkout and user.
func folder(root string) string {
	const memory, spare = "/dev/shm", 1 << 30
	hash := sha256.Sum256([]byte(root))
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) > spare {
		dir := filepath.Join(memory, fmt.Sprintf("virtualschool-test-%d-%x", os.Getuid(), hash[:8]))
		if err := os.MkdirAll(dir, 0o755); err == nil {
			return dir
		}
	}
	return filepath.Join(root, ".data", "test")
}

// moduleRoot finds the checkout from the folder a test runs in.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod in this folder or above it")
		}
		dir = parent
	}
}

// locked runs fn under an advisory lock that all test packages respect.
func (g *ground) locked(ctx context.Context, number int64, fn func() error) error {
	conn, err := g.admin.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", number); err != nil {
		return err
	}
	err = fn()
	_, unlockErr := conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", number)
	return errors.Join(err, unlockErr)
}

// sweep drops the databases of test processes that are gone.
func (g *ground) sweep(ctx context.Context) error {
	names, err := g.databases(ctx, `t\_%`)
	if err != nil {
		return err
	}
	for _, name := range names {
		pid, err := strconv.Atoi(strings.SplitN(name, "_", 3)[1])
		if err != nil || syscall.Kill(pid, 0) == nil {
			continue
		}
		if _, err := g.admin.Exec(ctx, "drop database if exists "+quote(name)+" with (force)"); err != nil {
			return err
		}
	}
	return nil
}

// databases lists those with such a name, the newest first.
func (g *ground) databases(ctx context.Context, like string) ([]string, error) {
	var names []string
	err := g.admin.QueryRow(ctx, "select coalesce(array_agg(datname::text order by oid desc), '{}') from pg_database where datname like $1", like).Scan(&names)
	return names, err
}

// template returns the name of a migrated database to clone, made the first time
// after a change of the migrations.
func template(ctx context.Context, g *ground) (string, error) {
	// Not bound to the first test that asks.
	g.once.Do(func() { g.template, g.err = g.buildTemplate(context.WithoutCancel(ctx)) })
	return g.template, g.err
}

func (g *ground) buildTemplate(ctx context.Context) (string, error) {
	print, err := postgres.SchemaFingerprint()
	if err != nil {
		return "", err
	}
	name := "template_" + print
	err = g.locked(ctx, templateLock, func() error {
		old, err := g.databases(ctx, `template\_%`)
		if err != nil {
			return err
		}
		for _, other := range old {
			if other == name {
				return nil
			}
		}
		// The newest few stay: tests begun before the migrations changed still clone theirs.
		for _, other := range old[min(len(old), 3):] {
			_, _ = g.admin.Exec(ctx, "drop database if exists "+quote(other))
		}
		building := name + "_building"
		if _, err := g.admin.Exec(ctx, "drop database if exists "+quote(building)+" with (force)"); err != nil {
			return err
		}
		if _, err := g.admin.Exec(ctx, "create database "+quote(building)+" owner virtualschool strategy file_copy"); err != nil {
			return err
		}
		if err := postgres.Migrate(ctx, g.server.OwnerURL(building)); err != nil {
			return err
		}
		_, err = g.admin.Exec(ctx, "alter database "+quote(building)+" rename to "+quote(name))
		return err
	})
	return name, err
}
