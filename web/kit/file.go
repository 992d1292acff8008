package kit

import (
	"errors"
	"io"
	"net/http"

	"virtualschool/internal/fault"
)

// File reads the file of a field of a form sent to Upload or ChildUpload: its name as the computer it
// came from gave it, and its content. Invalid, about the field: none was chosen.
func File(r *http.Request, field string) (name string, content []byte, err error) {
	name, content, err = OptionalFile(r, field)
	if err == nil && name == "" {
		err = fault.Invalid(field, "Choose a file")
	}
	return name, content, err
}

// OptionalFile is File for a field that may be left empty: the name is empty when no file was chosen.
func OptionalFile(r *http.Request, field string) (name string, content []byte, err error) {
	file, header, err := r.FormFile(field)
	switch {
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart):
		return "", nil, nil
	case err != nil:
		return "", nil, err
	}
	defer file.Close()
	content, err = io.ReadAll(file)
	return header.Filename, content, err
}
