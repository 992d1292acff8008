package table

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Upload is what somebody sent: one file, or the usable files of one zip.
type Upload struct {
	Name  string
	Files []*File
	// Problems lists members of a zip that were passed over, and why.
	Problems []Problem
}

// File is one table or XML document inside an upload. It can be read as often
// as needed, each time from the start.
type File struct {
	Name     string
	Kind     Kind
	Encoding Encoding
	limits   Limits
	newline  byte
	damaged  bool // UTF-8 with a few bytes that are not
	raw      func() (io.ReadCloser, error)
}

// Open looks into an upload of size bytes. src must stay readable for as long
// as the upload's files are. It returns a *FileError, in words for the sender,
// when nothing in it can be used.
func Open(name string, src io.ReaderAt, size int64, limits Limits) (*Upload, error) {
	name = shownName(name)
	up := &Upload{Name: name}
	if size == 0 {
		return nil, &FileError{name, 0, "empty", "The file is empty."}
	}
	head := make([]byte, headLength)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	head = head[:n]
	plain := func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(src, 0, size)), nil
	}
	left := limits.Bytes
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return up, up.openZip(src, size, limits)
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		inner := strings.TrimSuffix(name, ".gz")
		f, err := newFile(inner, limits, &left, func() (io.ReadCloser, error) {
			z, err := gzip.NewReader(io.NewSectionReader(src, 0, size))
			if err != nil {
				return nil, &FileError{name, 0, "gzip", "The file is a damaged gzip file. Send it again."}
			}
			return z, nil
		})
		if err != nil {
			return nil, err
		}
		up.Files = append(up.Files, f)
		return up, nil
	}
	f, err := newFile(name, limits, &left, plain)
	if err != nil {
		return nil, err
	}
	up.Files = append(up.Files, f)
	return up, nil
}

func (up *Upload) openZip(src io.ReaderAt, size int64, limits Limits) error {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return &FileError{up.Name, 0, "zip", "The zip file is damaged or only partly uploaded. Make it again and send it once more."}
	}
	if len(z.File) > limits.Members {
		return &FileError{up.Name, 0, "zip-members", fmt.Sprintf(
			"The zip file holds %d files; at most %d are read. Send only the ones that are needed.", len(z.File), limits.Members)}
	}
	for _, m := range z.File {
		if what := officeMember(m.Name); what != "" {
			return &FileError{up.Name, 0, "office", what}
		}
	}
	left := limits.Bytes
	var first *FileError
	for _, m := range z.File {
		if junkMember(m.Name) {
			continue
		}
		if m.Flags&1 != 0 {
			return &FileError{up.Name, 0, "zip-password", "The zip file is protected with a password. Send it without one, over a safe channel."}
		}
		f, err := newFile(shownName(m.Name), limits, &left, m.Open)
		var refused *FileError
		switch {
		case err == nil:
			up.Files = append(up.Files, f)
		case !errors.As(err, &refused):
			return &FileError{up.Name, 0, "zip", "A file in the zip cannot be unpacked: the zip is damaged. Make it again and send it once more."}
		case refused.Rule == "too-big":
			return refused
		default:
			if first == nil {
				first = refused
			}
			p := refused.Problem()
			p.Severity = Warning
			p.Text += " It was passed over."
			up.Problems = append(up.Problems, p)
		}
	}
	if len(up.Files) == 0 {
		if first != nil {
			return first
		}
		return &FileError{up.Name, 0, "zip-empty", "The zip file holds no file that can be read."}
	}
	return nil
}

// junkMember says whether a member of a zip is litter: folders, what macOS and
// Windows leave behind, hidden files.
func junkMember(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.HasSuffix(name, "/") {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "__MACOSX" || strings.HasPrefix(part, ".") && part != "." && part != ".." {
			return true
		}
	}
	base := strings.ToLower(path.Base(name))
	return base == "thumbs.db" || base == "desktop.ini"
}

// shownName is the last part of a file name, which is all we ever use of it.
func shownName(name string) string {
	return Short(path.Base(strings.ReplaceAll(name, `\`, "/")))
}

// newFile looks through the whole of one file once, to learn how it is written
// and to be sure that it can be read to its end. It takes what the file costs
// from the bytes left.
func newFile(name string, limits Limits, left *int64, raw func() (io.ReadCloser, error)) (*File, error) {
	f := &File{Name: name, limits: limits, raw: raw}
	used, err := f.look(*left)
	*left -= used
	if err != nil {
		return nil, err
	}
	return f, nil
}
