package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
)

// A chain of hashes says nothing to somebody who may rewrite all of it. So each day the chain's head, signed
// with a key that is not in the database, is put where the database's keeper cannot change it: whoever
// cuts the chain's end off and makes it anew does not fit the head that is kept outside.

// Head is how far the chain had come on a day.
type Head struct {
	Day    string    `json:"day"`
	At     time.Time `json:"at"`
	Logs   []Sealed  `json:"logs"`
	Before string    `json:"before"` // SHA-256 of the file of the head before; empty for the first
}

// Sealed is the newest seal of one log.
type Sealed struct {
	Subject string `json:"subject"`
	Seal    int64  `json:"seal"`
	Rows    int64  `json:"rows"` // sealed by it and those before it
	Hash    string `json:"hash"`
}

// signed is the file: the head's bytes as they were signed, the public key and the signature.
type signed struct {
	Head      json.RawMessage `json:"head"`
	Key       string          `json:"key"`
	Signature string          `json:"signature"`
}

// headFile is the pattern of a head's file, for Glob and for the day.
const headFile = "audit-head-%s.json"

// LoadKey reads the key that heads are signed with from a folder of the server's own, and makes it the first
// time. It must not be kept with the heads.
func LoadKey(dir string) (ed25519.PrivateKey, error) {
	file := filepath.Join(dir, "audit-key")
	seed, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		seed, err = makeKey(dir, file)
	}
	if err != nil {
		return nil, err
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s is damaged: put it back from a backup, or remove it and a new key is made", file)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func makeKey(dir, file string) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	fresh := file + "." + rand.Text()
	if err := os.WriteFile(fresh, seed, 0o600); err != nil {
		return nil, err
	}
	defer os.Remove(fresh)
	// A link fails where another process was first, whose key then holds.
	if err := os.Link(fresh, file); errors.Is(err, fs.ErrExist) {
		return os.ReadFile(file)
	} else if err != nil {
		return nil, err
	}
	return seed, nil
}

const sealedSQL = `select s.subject, s.id as seal, s.rows, s.hash from (
	select subject, id, encode(hash, 'hex') as hash, (sum(row_count) over (partition by subject order by id))::bigint as rows from audit_seal) s`

// WriteHead writes the day's head into the folder, unless there is one: a head is never written over. The
// server does it every hour, so that a day on which it was off at midnight has one too.
func WriteHead(ctx context.Context, db *postgres.DB, key ed25519.PrivateKey, folder string) error {
	path := filepath.Join(folder, fmt.Sprintf(headFile, db.Today()))
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	head := Head{Day: db.Today().String(), At: db.Now(), Logs: []Sealed{}}
	var batch postgres.Batch
	postgres.Many(&batch, &head.Logs, sealedSQL+` where s.id in (select max(id) from audit_seal group by subject) order by s.subject`, nil)
	if err := db.View(ctx, access.System, &batch); err != nil {
		return err
	}
	if len(head.Logs) == 0 {
		return nil // nothing is sealed yet
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	last, err := lastHead(folder)
	if err != nil {
		return err
	}
	head.Before = last
	text, err := head.sign(key)
	if err != nil {
		return err
	}
	return writeOnce(path, text)
}

func (h Head) sign(key ed25519.PrivateKey) ([]byte, error) {
	words, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	return json.Marshal(signed{Head: words, Key: hex.EncodeToString(key.Public().(ed25519.PublicKey)), Signature: hex.EncodeToString(ed25519.Sign(key, words))})
}

// lastHead is the fingerprint of the newest file in the folder.
func lastHead(folder string) (string, error) {
	files, err := headFiles(folder)
	if err != nil || len(files) == 0 {
		return "", err
	}
	text, err := os.ReadFile(files[len(files)-1])
	if err != nil {
		return "", err
	}
	return fingerprint(text), nil
}

func fingerprint(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func headFiles(folder string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(folder, fmt.Sprintf(headFile, "*")))
	slices.Sort(files)
	return files, err
}

func writeOnce(path string, text []byte) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
	if errors.Is(err, fs.ErrExist) {
		return nil // another server was first
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(text); err != nil {
		return err
	}
	return file.Sync()
}

// ReadHeads reads the heads in a folder, the oldest first, and says in words what is wrong with them: one
// that was signed with another key or not at all, or that does not follow the one before.
func ReadHeads(folder string, key ed25519.PublicKey) (heads []Head, wrong []string, err error) {
	files, err := headFiles(folder)
	if err != nil {
		return nil, nil, err
	}
	before := ""
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		head, err := open(text, key)
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Sprintf("%s %v", filepath.Base(file), err))
		case head.Before != before:
			wrong = append(wrong, filepath.Base(file)+" does not follow the one before it: a head was taken away or put in between")
		case filepath.Base(file) != fmt.Sprintf(headFile, head.Day):
			wrong = append(wrong, filepath.Base(file)+" is the head of another day")
		default:
			heads = append(heads, head)
		}
		before = fingerprint(text)
	}
	return heads, wrong, nil
}

func open(text []byte, key ed25519.PublicKey) (Head, error) {
	var file signed
	var head Head
	if err := json.Unmarshal(text, &file); err != nil {
		return head, errors.New("cannot be read")
	}
	signature, err := hex.DecodeString(file.Signature)
	if err != nil || !ed25519.Verify(key, file.Head, signature) {
		return head, errors.New("is not signed with this server's key")
	}
	return head, json.Unmarshal(file.Head, &head)
}

// Misfits are the logs of the head that the seals, by their numbers, are no longer those of.
func (h Head) Misfits(seals map[int64]Sealed) []string {
	var wrong []string
	for _, log := range h.Logs {
		if seals[log.Seal] != log {
			wrong = append(wrong, fmt.Sprintf("the log of %ss is not what it was on %s, up to its seal %d", log.Subject, h.Day, log.Seal))
		}
	}
	return wrong
}

// CheckHeads compares the chain with every head that is kept outside, and says what is wrong in words. It
// also says how many heads there are: none proves nothing.
func CheckHeads(ctx context.Context, db *postgres.DB, key ed25519.PublicKey, folder string) (heads int, wrong []string, err error) {
	list, wrong, err := ReadHeads(folder, key)
	if err != nil {
		return 0, nil, err
	}
	var numbers []int64
	for _, head := range list {
		for _, log := range head.Logs {
			numbers = append(numbers, log.Seal)
		}
	}
	var seals []Sealed
	var batch postgres.Batch
	postgres.Many(&batch, &seals, sealedSQL+` where s.id = any (@numbers)`, postgres.Args{"numbers": numbers})
	if err := db.View(ctx, access.System, &batch); err != nil {
		return 0, nil, err
	}
	byNumber := map[int64]Sealed{}
	for _, seal := range seals {
		byNumber[seal.Seal] = seal
	}
	for _, head := range list {
		wrong = append(wrong, head.Misfits(byNumber)...)
	}
	return len(list), wrong, nil
}
