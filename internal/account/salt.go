package account

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const secretSize = 32

// LoadSalt reads the secret with which failed sign-ins are counted from dir, and makes one the first
// time. It is kept out of the database, so that the counts there tell nobody who was meant.
func LoadSalt(dir string) ([]byte, error) { return LoadSecret(dir, "sign-in-salt") }

// LoadSecret reads a secret of 32 bytes from the file of that name in dir, and makes one the first time.
func LoadSecret(dir, name string) ([]byte, error) {
	file := filepath.Join(dir, name)
	secret, err := os.ReadFile(file)
	switch {
	case err == nil && len(secret) == secretSize:
		return secret, nil
	case err == nil:
		return nil, fmt.Errorf("%s is damaged: put it back from a backup, or remove it and a new one is made", file)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	secret = make([]byte, secretSize)
	rand.Read(secret)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	fresh := file + "." + rand.Text()
	if err := os.WriteFile(fresh, secret, 0o600); err != nil {
		return nil, err
	}
	defer os.Remove(fresh)
	// A link fails where another process was first, whose secret then holds.
	if err := os.Link(fresh, file); errors.Is(err, fs.ErrExist) {
		return os.ReadFile(file)
	} else if err != nil {
		return nil, err
	}
	return secret, nil
}
