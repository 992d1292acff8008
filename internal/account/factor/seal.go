package factor

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"virtualschool/internal/account"
)

// LoadKey reads the key that secrets are sealed with from dir, and makes one the first time. Without it
// nobody's second factor works: back it up with the database, and apart from it.
func LoadKey(dir string) ([]byte, error) { return account.LoadSecret(dir, "factor-key") }

// keys are what the one key is used for, each its own.
type keys struct {
	box             cipher.AEAD
	recover, handle []byte
}

func keysOf(key []byte) (keys, error) {
	if len(key) < 32 {
		return keys{}, errors.New("the key of second factors is too short")
	}
	derive := func(use string) []byte {
		derived, err := hkdf.Key(sha256.New, key, nil, "virtual school "+use, 32)
		if err != nil {
			panic("factor: " + err.Error()) // only for lengths that are not asked here
		}
		return derived
	}
	block, err := aes.NewCipher(derive("seal"))
	if err != nil {
		return keys{}, err
	}
	box, err := cipher.NewGCM(block)
	return keys{box, derive("recovery"), derive("handle")}, err
}

var errSeal = errors.New("a sealed secret does not open: the key in the data folder is another")

// seal closes a secret of an account, so that it opens for that account and use alone.
func (k keys) seal(secret []byte, use string, accountID int64) []byte {
	nonce := make([]byte, k.box.NonceSize())
	rand.Read(nonce)
	return k.box.Seal(nonce, nonce, secret, about(use, accountID))
}

func (k keys) open(sealed []byte, use string, accountID int64) ([]byte, error) {
	size := k.box.NonceSize()
	if len(sealed) < size {
		return nil, errSeal
	}
	secret, err := k.box.Open(nil, sealed[:size], sealed[size:], about(use, accountID))
	if err != nil {
		return nil, errSeal
	}
	return secret, nil
}

func about(use string, accountID int64) []byte {
	return binary.BigEndian.AppendUint64([]byte(use+"\x00"), uint64(accountID))
}

// userHandle is what a passkey knows its account by: it tells nobody who that is.
func (k keys) userHandle(accountID int64) []byte { return mac(k.handle, about("handle", accountID)) }

func mac(key, content []byte) []byte {
	sum := hmac.New(sha256.New, key)
	sum.Write(content)
	return sum.Sum(nil)
}
