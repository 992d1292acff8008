package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// postmaster is what a running (or killed) server wrote about itself.
type postmaster struct {
	pid  int
	sock string
}

func readPostmaster(data string) (postmaster, bool) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return postmaster{}, false
	}
	// Lines: pid, data folder, start time, port, socket folder, …
	lines := strings.Split(string(b), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(lines[0]))
	pm := postmaster{pid: pid}
	if len(lines) > 4 {
		pm.sock = strings.TrimSpace(lines[4])
	}
	return pm, true
}

// alive says whether the process is still the server of this data folder; its
// number may by now be another program's.
func (pm postmaster) alive(data string) bool {
	if pm.pid <= 1 {
		return false
	}
	args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pm.pid))
	if err != nil {
		args, _ = exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(pm.pid)).Output()
	}
	return strings.Contains(string(args), "postgres") && strings.Contains(string(args), data)
}

// adopt joins the server that already runs on the data folder. A server that is
// on its way up or down is waited for, a stale pid file is removed, and a server
// that lives but cannot be reached any more is stopped.
func (s *Server) adopt(ctx context.Context) (bool, error) {
	begun := time.Now()
	for {
		pm, ok := readPostmaster(s.data)
		if !ok {
			return false, nil
		}
		err := ping(ctx, pm.sock, s.data)
		if err == nil {
			s.sock = pm.sock
			return true, nil
		}
		if !pm.alive(s.data) {
			fmt.Fprintf(s.opt.Log, "The database was not shut down last time (process %d is gone): its lock is removed and it recovers by itself.\n", pm.pid)
			if err := os.Remove(filepath.Join(s.data, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
				return false, fmt.Errorf("the stale lock of the database cannot be removed: %w", err)
			}
			return false, nil
		}
		var answer *pgconn.PgError
		busy := errors.As(err, &answer) && answer.Code == "57P03" // starting up, or shutting down
		switch waited := time.Since(begun); {
		case ctx.Err() != nil:
			return false, ctx.Err()
		case busy && waited < 2*time.Minute, waited < 3*time.Second:
			time.Sleep(20 * time.Millisecond)
		case busy:
			return false, fmt.Errorf("the database (process %d) has been recovering for %s; its log is %s: %w", pm.pid, waited.Round(time.Second), s.logFile(), err)
		default:
			fmt.Fprintf(s.opt.Log, "The database (process %d) runs but does not answer: it is restarted.\n", pm.pid)
			if err := s.stop(ctx, pm); err != nil {
				return false, err
			}
			return false, nil
		}
	}
}

// ping succeeds when the server that answers on the socket is the one of this
// data folder.
func ping(ctx context.Context, sock, data string) error {
	if sock == "" {
		return errors.New("no socket yet")
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, socketURL(sock, superuser, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var dir string
	if err := conn.QueryRow(ctx, "show data_directory").Scan(&dir); err != nil {
		return err
	}
	theirs, err := os.Stat(dir)
	if err != nil {
		return err
	}
	ours, err := os.Stat(data)
	if err != nil {
		return err
	}
	if !os.SameFile(theirs, ours) {
		return fmt.Errorf("the server on %s is that of %s", sock, dir)
	}
	return nil
}

// stop asks the server to write everything down and end, and waits for it.
func (s *Server) stop(ctx context.Context, pm postmaster) error {
	if !pm.alive(s.data) {
		return nil
	}
	if err := syscall.Kill(pm.pid, syscall.SIGINT); err != nil {
		return fmt.Errorf("stop the database (process %d): %w", pm.pid, err)
	}
	for begun := time.Now(); time.Since(begun) < 45*time.Second && ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		if now, ok := readPostmaster(s.data); !ok || now.pid != pm.pid || !now.alive(s.data) {
			return nil
		}
	}
	return fmt.Errorf("the database (process %d) did not stop when asked; its log is %s", pm.pid, s.logFile())
}

func (s *Server) logFile() string { return filepath.Join(filepath.Dir(s.data), "server.log") }
