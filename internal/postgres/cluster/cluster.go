package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// The login role every process uses, and the role each transaction takes on.
// The login role owns the database and everything the migrations make; the
// working role owns nothing and is held by row-level security.
const (
	OwnerRole = "virtualschool"
	AppRole   = "virtualschool_app"
	Database  = "virtualschool"

	superuser = "vs"
)

// Options say where the cluster lives and how it runs.
type Options struct {
	Dir      string            // data folder: the cluster goes into Dir/postgres
	Bin      string            // folder with postgres and initdb; "npm" for the fetched ones; empty to look for them
	Cache    string            // where fetched programs are kept; empty for Dir/pgbin
	Settings map[string]string // server settings, for a server that is not running yet
	Fast     bool              // no durability at all: for tests only
	Log      io.Writer         // told about slow steps; nil for silence

	noNamespaces bool // pretend that the machine bars user namespaces
}

// Server is a use of a running cluster, held until Close.
type Server struct {
	base    string // Dir/postgres
	data    string // Dir/postgres/pg15/data
	sock    string // folder of the unix socket
	install installation
	ident   identity
	opt     Options
	users   *os.File // shared lock: one of the users of this cluster
}

// Start starts the cluster in opt.Dir, or adopts the one that runs there, and
// makes sure that roles and database exist. Errors are sentences that say what
// to do.
func Start(ctx context.Context, opt Options) (_ *Server, err error) {
	if opt.Log == nil {
		opt.Log = io.Discard
	}
	if opt.Dir, err = filepath.Abs(opt.Dir); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if opt.Cache == "" {
		opt.Cache = filepath.Join(opt.Dir, "pgbin")
	}
	base := filepath.Join(opt.Dir, "postgres")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made (set VS_DATA_DIR to a folder you may write to): %w", err)
	}
	setup, err := lock(ctx, filepath.Join(base, "setup.lock"), syscall.LOCK_EX, opt.Log)
	if err != nil {
		return nil, err
	}
	defer setup.Close()

	s := &Server{base: base, opt: opt}
	if s.install, err = choose(ctx, opt); err != nil {
		return nil, err
	}
	home := filepath.Join(base, "pg"+strconv.Itoa(s.install.major))
	if err := os.MkdirAll(home, 0o755); err != nil {
		return nil, err
	}
	s.data = filepath.Join(home, "data")
	if s.ident, err = whoRuns(opt.noNamespaces); err != nil {
		return nil, err
	}
	if s.users, err = lock(ctx, filepath.Join(home, "users.lock"), syscall.LOCK_SH, opt.Log); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.users.Close()
		}
	}()

	running, err := s.adopt(ctx)
	if err != nil {
		return nil, err
	}
	if !running {
		if err := s.initialise(ctx); err != nil {
			return nil, err
		}
		if err := s.launch(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.prepare(ctx); err != nil {
		return nil, fmt.Errorf("prepare the database: %w", err)
	}
	return s, nil
}

// OwnerURL is the connection string of a database as the login role: owner of
// the database, no superuser, held by row-level security once it has taken on
// the working role.
func (s *Server) OwnerURL(dbname string) string { return s.url(OwnerRole, dbname) }

// AdminURL is the connection string as the cluster's superuser. It is for making
// and dropping databases; row-level security does not hold it.
func (s *Server) AdminURL(dbname string) string { return s.url(superuser, dbname) }

func (s *Server) url(user, dbname string) string { return socketURL(s.sock, user, dbname) }

func socketURL(sock, user, dbname string) string {
	// Every part is spelled out so that PGHOST, PGPORT and friends change nothing.
	q := url.Values{"host": {sock}, "port": {"5432"}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + dbname, RawQuery: q.Encode()}
	return u.String()
}

// Version is the major version of the PostgreSQL programs in use.
func (s *Server) Version() int { return s.install.major }

// Leave gives up this use of the cluster but lets the server run on.
func (s *Server) Leave() error { return s.users.Close() }

// Close gives up this use of the cluster. The last user stops the server and
// waits until it has written everything down.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	setup, err := lock(ctx, filepath.Join(s.base, "setup.lock"), syscall.LOCK_EX, s.opt.Log)
	if err != nil {
		return errors.Join(err, s.users.Close())
	}
	defer setup.Close()
	defer s.users.Close()
	if syscall.Flock(int(s.users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return nil // others still use it
	}
	pm, ok := readPostmaster(s.data)
	if !ok {
		return nil
	}
	if err := s.stop(ctx, pm); err != nil {
		return err
	}
	return os.RemoveAll(s.sock)
}
