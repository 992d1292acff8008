package kit

import (
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"

	"virtualschool/internal/fault"
)

// mostSent is as much of a form with files as is read at all; mostInMemory of it waits in memory, the rest on disk.
const mostSent, mostInMemory = 1 << 30, 8 << 20

// readParts reads a form with files, up to limit bytes of them together. A file that is too large is read
// to its end and left out, and said to be a problem of its field: what was typed beside it is not lost.
func readParts(r *http.Request, limit int64) (fault.Problems, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	from, to := io.Pipe()
	defer from.Close()
	kept := multipart.NewWriter(to)
	sieve := sieve{out: kept, files: limit, text: formLimit}
	finished := make(chan error, 1)
	go func() {
		err := sieve.all(parts)
		to.CloseWithError(err)
		finished <- err
	}()
	form, err := multipart.NewReader(from, kept.Boundary()).ReadForm(mostInMemory)
	if err != nil {
		from.Close()
		<-finished
		return nil, err
	}
	if err := <-finished; err != nil {
		form.RemoveAll()
		return nil, err
	}
	for _, cut := range slices.Backward(sieve.cut) {
		form.File[cut.field] = slices.Delete(form.File[cut.field], cut.place, cut.place+1)
	}
	r.MultipartForm, r.PostForm, r.Form = form, form.Value, form.Value
	return sieve.problems, nil
}

// sieve passes a form's parts on, and cuts a file off where it is too large.
type sieve struct {
	out         *multipart.Writer
	files, text int64 // bytes that may still come
	sent        map[string]int
	cut         []cut
	problems    fault.Problems
}

// cut is a file that is not whole: the place among the files of its field.
type cut struct {
	field string
	place int
}

func (s *sieve) all(parts *multipart.Reader) error {
	s.sent = map[string]int{}
	whole := s.files
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return s.out.Close()
		}
		if err != nil {
			return err
		}
		to, err := s.out.CreatePart(part.Header)
		if err != nil {
			return err
		}
		if part.FileName() == "" {
			err = s.words(to, part)
		} else {
			err = s.file(to, part, whole)
		}
		if err != nil {
			return err
		}
	}
}

func (s *sieve) words(to io.Writer, part *multipart.Part) error {
	n, err := io.Copy(to, io.LimitReader(part, s.text+1))
	if s.text -= n; err == nil && s.text < 0 {
		return fault.TooLarge(tooLarge)
	}
	return err
}

func (s *sieve) file(to io.Writer, part *multipart.Part, whole int64) error {
	field := part.FormName()
	place := s.sent[field]
	s.sent[field]++
	n, err := io.Copy(to, io.LimitReader(part, s.files))
	if err != nil {
		return err
	}
	more, err := io.Copy(io.Discard, part)
	if more == 0 || err != nil {
		s.files -= n
		return err
	}
	s.cut = append(s.cut, cut{field, place})
	if !s.problems.Has(field) {
		words := "The file must be %s or smaller"
		if s.files < whole {
			words = "The files must be %s or smaller together"
		}
		s.problems.Add(field, fmt.Sprintf(words, size(whole)))
	}
	return nil
}

// size is a number of bytes as a person says it.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d kB", bytes>>10)
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}
