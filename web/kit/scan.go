package kit

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
)

// Scanner says whether a file carries a virus: its name, or empty. An error is that nobody could say.
type Scanner interface {
	Scan(ctx context.Context, file io.Reader) (virus string, err error)
}

// scan looks at the files of a form that was read. One that carries a virus, or that nobody could look at, does
// not reach the handler: it is a problem of its field, as a file that is too large is, and what was typed
// beside it is not lost.
func (k *Kit) scan(r *http.Request) {
	if k.Scanner == nil || r.MultipartForm == nil {
		return
	}
	form := FormOf(r)
	for field, files := range r.MultipartForm.File {
		r.MultipartForm.File[field] = slices.DeleteFunc(files, func(file *multipart.FileHeader) bool {
			virus, err := k.scanOne(r.Context(), file)
			switch {
			case err != nil:
				k.Log.ErrorContext(r.Context(), "a file could not be looked at for viruses", "error", err)
				form.Problems.Add(field, "The file could not be checked for viruses, so it was not taken. Try again in a few minutes.")
			case virus != "":
				k.Log.WarnContext(r.Context(), "a file with a virus was refused", "virus", virus, "account", Actor(r).ID)
				form.Problems.Add(field, "The file carries a virus, so it was not taken. Tell whoever looks after your computer.")
			}
			return err != nil || virus != ""
		})
	}
}

func (k *Kit) scanOne(ctx context.Context, file *multipart.FileHeader) (string, error) {
	content, err := file.Open()
	if err != nil {
		return "", fmt.Errorf("open what was sent: %w", err)
	}
	defer content.Close()
	return k.Scanner.Scan(ctx, content)
}
