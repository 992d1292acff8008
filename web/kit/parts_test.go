package kit

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"virtualschool/internal/fault"
)

// sentForm is a form of words and files: "words=Ten hours", "file:a.txt=content".
func sentForm(t *testing.T, fields ...string) (contentType string, body []byte) {
	t.Helper()
	var out bytes.Buffer
	parts := multipart.NewWriter(&out)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		to, err := parts.CreateFormField(name)
		if field, file, isFile := strings.Cut(name, ":"); isFile {
			to, err = parts.CreateFormFile(field, file)
		}
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(to, value)
	}
	parts.Close()
	return parts.FormDataContentType(), out.Bytes()
}

func TestAFileThatIsTooLargeLosesNoWords(t *testing.T) {
	t.Parallel()
	const limit = 2 << 20
	large := strings.Repeat("x", limit+1)
	for name, c := range map[string]struct {
		fields  []string
		problem string // of the field "file"
		files   int    // that reach the handler
	}{
		"small":             {[]string{"before=Ada", "file:a.txt=abc", "after=Bea"}, "", 1},
		"just small enough": {[]string{"before=Ada", "file:a.txt=" + large[1:], "after=Bea"}, "", 1},
		"too large":         {[]string{"before=Ada", "file:a.txt=" + large, "after=Bea"}, "The file must be 2 MB or smaller", 0},
		"one of three":      {[]string{"before=Ada", "file:a.txt=abc", "file:b.txt=" + large, "file:c.txt=def", "after=Bea"}, "The files must be 2 MB or smaller together", 2},
		"none chosen":       {[]string{"before=Ada", "file:=", "after=Bea"}, "", 0},
	} {
		kind, body := sentForm(t, c.fields...)
		r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r, err := readForm(httptest.NewRecorder(), r, limit)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		form := FormOf(r)
		if form.Value("before") != "Ada" || form.Value("after") != "Bea" {
			t.Errorf("%s: words lost: %v", name, form.values)
		}
		if got := form.Error("file"); got != c.problem {
			t.Errorf("%s: %q", name, got)
		}
		if got := len(r.MultipartForm.File["file"]); got != c.files {
			t.Errorf("%s: %d files", name, got)
		}
		if _, content, err := OptionalFile(r, "file"); err != nil || c.files > 0 && string(content) != "abc" && string(content) != large[1:] {
			t.Errorf("%s: %d bytes, %v", name, len(content), err)
		}
		r.MultipartForm.RemoveAll()
	}
}

func TestAFormThatIsNoFormIsRefused(t *testing.T) {
	t.Parallel()
	kind, whole := sentForm(t, "before=Ada", "file:a.txt=abc", "after=Bea")
	other, wordy := sentForm(t, "before="+strings.Repeat("x", formLimit+1))
	for name, c := range map[string]struct {
		kind string
		body []byte
		want fault.Kind
	}{
		"broken off":      {kind, whole[:len(whole)-30], fault.KindInvalid},
		"nothing":         {kind, nil, fault.KindInvalid},
		"no boundary":     {"multipart/form-data", whole, fault.KindInvalid},
		"no end of words": {other, wordy, fault.KindTooLarge},
	} {
		r := httptest.NewRequest("POST", "/", bytes.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		if _, err := readForm(httptest.NewRecorder(), r, 1<<20); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
