package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Limits on what an Office file unpacks to. A small file can hold a great deal of nothing.
const (
	mostParts    = 5000
	mostUnpacked = 200 << 20
)

var errArchive = errors.New("an archive that is not what it seems")

// checkArchive refuses an Office file, which is an archive, that carries a program, a link, a way out of its
// folder, another archive, a secret part, or more than it could need. It is unpacked to be measured, since what its
// list says of its sizes need not be so.
func checkArchive(content []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(archive.File) > mostParts {
		return errArchive
	}
	left := int64(mostUnpacked)
	for _, file := range archive.File {
		const encrypted = 1
		name := strings.ReplaceAll(file.Name, `\`, "/")
		switch {
		case strings.EqualFold(path.Base(name), "vbaProject.bin"), file.Flags&encrypted != 0, file.Mode()&fs.ModeSymlink != 0,
			path.IsAbs(name), strings.Contains("/"+name+"/", "/../"), strings.Contains(name, ":"), packed(name):
			return errArchive
		}
		n, err := unpack(file, left)
		if left -= n; err != nil || left <= 0 {
			return errArchive
		}
	}
	return nil
}

// packed says whether a part is an archive itself, by its name.
func packed(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".zip", ".7z", ".rar", ".gz", ".tar", ".jar", ".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".odt", ".ods":
		return true
	}
	return false
}

// unpack reads a part to its end, or to the limit, and says how much it was. One that begins as an archive
// does is refused whatever its name.
func unpack(file *zip.File, limit int64) (int64, error) {
	part, err := file.Open()
	if err != nil {
		return 0, err
	}
	defer part.Close()
	begin := make([]byte, 4)
	n, err := io.ReadFull(part, begin)
	if bytes.Equal(begin[:n], []byte("PK\x03\x04")) {
		return 0, errArchive
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return int64(n), nil
	}
	if err != nil {
		return 0, err
	}
	rest, err := io.Copy(io.Discard, io.LimitReader(part, limit))
	return rest + int64(n), err
}
