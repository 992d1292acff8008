package cluster

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Settings of every server: no network, times in UTC whatever the machine says.
var settings = map[string]string{
	"listen_addresses": "",
	"port":             "5432",
	"timezone":         "UTC",
	"log_timezone":     "UTC",
	"lc_messages":      "C", // launch reads the log
}

// Settings of a cluster that may lose everything: a machine that runs tests.
var fastSettings = map[string]string{
	"fsync":              "off",
	"synchronous_commit": "off",
	"full_page_writes":   "off",
	"autovacuum":         "off",
	"wal_level":          "minimal",
	"max_wal_senders":    "0",
	"max_connections":    "200",
}

// initialise makes the data folder. It is made under a name of its own and
// renamed when it is whole, so that an interrupted run leaves nothing half done,
// and an initdb that outlives such a run is in nobody's way.
func (s *Server) initialise(ctx context.Context) error {
	home := filepath.Dir(s.data)
	interrupted, _ := filepath.Glob(filepath.Join(home, "making-*"))
	for _, dir := range interrupted {
		_ = os.RemoveAll(dir) // what is still being written goes the next time
	}
	if _, err := os.Stat(filepath.Join(s.data, "PG_VERSION")); err == nil {
		return s.ident.own(s.data)
	}
	if entries, err := os.ReadDir(s.data); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s holds something that is no PostgreSQL data folder: move it away, or set VS_DATA_DIR to another folder", s.data)
	}
	fmt.Fprintf(s.opt.Log, "Making a database (PostgreSQL %d) in %s…\n", s.install.major, s.data)
	half, err := os.MkdirTemp(home, "making-")
	if err != nil {
		return err
	}
	if err := s.ident.own(half); err != nil {
		return err
	}
	// The same order of names on every machine and version: ICU's British English.
	args := []string{"-D", half, "-U", superuser, "--auth=trust", "--encoding=UTF8",
		"--locale-provider=icu", "--icu-locale=en-GB", "--locale=C"}
	if s.opt.Fast {
		args = append(args, "--no-sync")
	}
	if out, err := s.command(ctx, "initdb", args...).CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted while the database was made: %w", ctx.Err())
		}
		return fmt.Errorf("initdb failed: %w\n%s%s", err, out, s.ident.hint(half))
	}
	if err := os.RemoveAll(s.data); err != nil {
		return err
	}
	return os.Rename(half, s.data)
}

func (s *Server) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.install.bin, program), args...)
	cmd.Dir = "/"
	cmd.Env = []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH"), "TZ=UTC"}
	cmd.SysProcAttr = s.ident.attributes()
	return cmd
}

// launch starts the server. After a kill its old children may hold the shared
// memory for a moment; that is waited for.
func (s *Server) launch(ctx context.Context) error {
	hash := sha256.Sum256([]byte(s.data))
	s.sock = filepath.Join(os.TempDir(), fmt.Sprintf("vsdb-%x", hash[:6]))
	// A socket's path may have 107 bytes (103 on macOS).
	if len(s.sock)+len("/.s.PGSQL.5432") > 103 {
		s.sock = filepath.Join("/tmp", filepath.Base(s.sock))
	}
	for try := 0; ; try++ {
		problem, err := s.launchOnce(ctx)
		if err == nil {
			return nil
		}
		if try == 10 || ctx.Err() != nil || !strings.Contains(problem, "shared memory") {
			return fmt.Errorf("the database did not start: %w\n%s(the whole log is %s)%s", err, problem, s.logFile(), s.ident.hint(s.data))
		}
		time.Sleep(300 * time.Millisecond)
	}
}

// launchOnce returns what the server wrote when it did not come up.
func (s *Server) launchOnce(ctx context.Context) (problem string, err error) {
	// A left-over socket folder may be that of a run as another user.
	if err := os.RemoveAll(s.sock); err != nil {
		return "", fmt.Errorf("%s is left over from another user: remove it, or set TMPDIR to a folder of your own: %w", s.sock, err)
	}
	if err := os.Mkdir(s.sock, 0o700); err != nil {
		return "", err
	}
	if err := s.ident.own(s.sock); err != nil {
		return "", err
	}
	log, begin, err := openLog(s.logFile())
	if err != nil {
		return "", err
	}
	defer log.Close()

	// Not bound to ctx: the server outlives this process when it is killed.
	cmd := s.command(context.Background(), "postgres", append([]string{"-D", s.data, "-k", s.sock}, s.flags()...)...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for begun := time.Now(); ; {
		err := ping(ctx, s.sock, s.data)
		if err == nil {
			return "", nil
		}
		var answer *pgconn.PgError
		limit := 20 * time.Second
		if errors.As(err, &answer) && answer.Code == "57P03" {
			limit = 10 * time.Minute // recovering after a crash
		}
		select {
		case exit := <-ended:
			if exit == nil {
				exit = errors.New("it ended at once")
			}
			return tail(s.logFile(), begin), exit
		case <-time.After(15 * time.Millisecond):
		}
		if ctx.Err() != nil || time.Since(begun) > limit {
			_ = cmd.Process.Signal(syscall.SIGINT) // it may have ended by itself
			return tail(s.logFile(), begin), fmt.Errorf("no answer after %s: %w", time.Since(begun).Round(time.Second), err)
		}
	}
}

// flags are the settings as arguments, in a steady order.
func (s *Server) flags() []string {
	all := map[string]string{}
	add := func(m map[string]string) {
		for k, v := range m {
			all[k] = v
		}
	}
	add(settings)
	if s.opt.Fast {
		add(fastSettings)
	}
	add(s.opt.Settings)
	var flags []string
	for k, v := range all {
		flags = append(flags, "--"+k+"="+v)
	}
	sort.Strings(flags)
	return flags
}

// openLog opens the server's log for adding to it, begun anew when it has grown
// large, and says where this run's part begins.
func openLog(path string) (*os.File, int64, error) {
	mode := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if info, err := os.Stat(path); err == nil && info.Size() > 16<<20 {
		mode |= os.O_TRUNC
	}
	f, err := os.OpenFile(path, mode, 0o600)
	if err != nil {
		return nil, 0, err
	}
	end, err := f.Seek(0, io.SeekEnd)
	return f, end, err
}

// tail returns the last lines of a log from a place on.
func tail(path string, begin int64) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	if _, err := f.Seek(begin, io.SeekStart); err != nil {
		return ""
	}
	b, _ := io.ReadAll(io.LimitReader(f, 1<<20))
	lines := strings.SplitAfter(string(b), "\n")
	if len(lines) > 12 {
		lines = lines[len(lines)-12:]
	}
	return strings.Join(lines, "")
}
