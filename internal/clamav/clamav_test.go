package clamav_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"virtualschool/internal/clamav"
	"virtualschool/internal/clamav/clamtest"
)

func TestWhatTheDaemonSays(t *testing.T) {
	t.Parallel()
	address := clamtest.Start(t)
	for name, c := range map[string]struct {
		file  string
		virus string
		fails bool
	}{
		"clean":              {"Dear all", "", false},
		"nothing":            {"", "", false},
		"the test virus":     {clamtest.EICAR, "Eicar-Signature", false},
		"in several parts":   {strings.Repeat("x", 200<<10) + clamtest.EICAR, "Eicar-Signature", false},
		"more than it takes": {strings.Repeat("x", clamtest.Most+1), "", true},
	} {
		virus, err := clamav.Client{Socket: address}.Scan(t.Context(), strings.NewReader(c.file))
		if virus != c.virus || (err != nil) != c.fails {
			t.Errorf("%s: %q, %v", name, virus, err)
		}
	}
}

func TestWhoCannotBeAskedHasNotSaidClean(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]string{"nobody there": "127.0.0.1:1", "no such file": filepath.Join(t.TempDir(), "clamd.ctl"), "says nothing": clamtest.Silent(t)} {
		if _, err := (clamav.Client{Socket: socket}).Scan(t.Context(), strings.NewReader("Dear all")); err == nil {
			t.Errorf("%s: taken for clean", name)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (clamav.Client{Socket: clamtest.Start(t)}).Scan(gone, strings.NewReader("x")); err == nil {
		t.Error("who asked has left, and the file is clean")
	}
	if _, err := (clamav.Client{Socket: clamtest.Start(t)}).Scan(t.Context(), broken{}); err == nil {
		t.Error("half a file is clean")
	}
}

// broken is a file that cannot be read to its end.
type broken struct{}

func (broken) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat([]byte("x"), 10)), errors.New("the disk is gone")
}
