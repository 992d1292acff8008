package intake_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// samples is where public sample files are kept beside the repository.
const samples = "../../../shared/data"

func present(paths ...string) bool {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return false
		}
	}
	return true
}

func file(name, text string) intake.Upload {
	return intake.Upload{Name: name, Content: bytes.NewReader([]byte(text)), Size: int64(len(text))}
}

func files(t testing.TB, paths ...string) []intake.Upload {
	t.Helper()
	var uploads []intake.Upload
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		uploads = append(uploads, file(filepath.Base(path), string(content)))
	}
	return uploads
}

// preview fails the test when the files are wrong as a whole.
func preview(t testing.TB, s *intake.Service, kind intake.Kind, uploads ...intake.Upload) intake.Result {
	t.Helper()
	from := time.Now()
	result, err := s.Preview(t.Context(), access.System, kind, uploads)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("preview of %s: %s in %v", kind, result.Counts, time.Since(from).Round(time.Millisecond))
	return result
}

func apply(t testing.TB, s *intake.Service, kind intake.Kind, uploads ...intake.Upload) intake.Result {
	t.Helper()
	from := time.Now()
	result, err := s.Import(t.Context(), access.System, kind, uploads)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("import of %s: %s in %v", kind, result.Counts, time.Since(from).Round(time.Millisecond))
	return result
}
