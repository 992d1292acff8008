package cluster

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"
)

// lock takes a lock on a file; closing the file gives it back, and so does the
// death of the process, so a lock is never left behind by a crash.
func lock(ctx context.Context, path string, how int, log io.Writer) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("the lock file cannot be opened (does the folder belong to another user?): %w", err)
	}
	begun, told := time.Now(), false
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if err != syscall.EWOULDBLOCK && err != syscall.EINTR {
			f.Close()
			return nil, fmt.Errorf("lock %s (is this a network drive? set VS_DATA_DIR to a local one): %w", path, err)
		}
		waited := time.Since(begun)
		if waited > 2*time.Second && !told {
			fmt.Fprintf(log, "Waiting for another virtualschool (process %s) that is starting or stopping the database…\n", holder(path))
			told = true
		}
		if waited > 2*time.Minute || ctx.Err() != nil {
			f.Close()
			return nil, fmt.Errorf("another virtualschool (process %s) has been starting or stopping the database in this folder for %s: "+
				"wait for it, or end that process; the lock %s goes away with it", holder(path), waited.Round(time.Second), path)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if how == syscall.LOCK_EX {
		// Only for the message above; a lock without a number is a lock.
		_ = f.Truncate(0)
		_, _ = fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	return f, nil
}

// holder names the process that wrote itself into a lock file.
func holder(path string) string {
	b, err := os.ReadFile(path)
	if pid := strings.TrimSpace(string(b)); err == nil && pid != "" {
		return pid
	}
	return "unknown"
}
