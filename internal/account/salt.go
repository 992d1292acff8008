package account

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const saltSize = 32

// LoadSalt reads the secret with which failed sign-ins are counted from dir, and makes one the first
// time. It is kept out of the database, so that the counts there tell nobody who was meant.
func LoadSalt(dir string) ([]byte, error) {
	file := filepath.Join(dir, "sign-in-salt")
	salt, err := os.ReadFile(file)
	switch {
	case err == nil && len(salt) == saltSize:
		return salt, nil
	case err == nil:
		return nil, fmt.Errorf("%s is damaged: remove it, and a new one is made", file)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	salt = make([]byte, saltSize)
	rand.Read(salt)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	fresh := file + "." + rand.Text()
	if err := os.WriteFile(fresh, salt, 0o600); err != nil {
		return nil, err
	}
	defer os.Remove(fresh)
	// A link fails where another process was first, whose salt then holds.
	if err := os.Link(fresh, file); errors.Is(err, fs.ErrExist) {
		return os.ReadFile(file)
	} else if err != nil {
		return nil, err
	}
	return salt, nil
}
