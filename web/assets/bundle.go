package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
)

// prefix is where the files are served, as the styles name them.
const prefix = "/assets/"

// file is one built file in every form in which it can be sent.
type file struct {
	body, gzip, brotli []byte // compressed forms are nil where they save nothing
	contentType        string
	tag                string // strong ETag of the plain form, without quotes
}

// bundle is a set of built files under the addresses they are served at.
type bundle struct {
	urls  map[string]string // "app.css" → "/assets/app-1a2b3c4d5e6f.css"
	files map[string]file   // by address
	built bool
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
	".ico": "image/x-icon",
}

var cssURL = regexp.MustCompile(`url\("?/assets/([^")]+)"?\)`)

// newBundle names, rewrites and compresses every file of dist. Styles come
// last, because they name the other files by their addresses.
func newBundle(dist fs.FS) (*bundle, error) {
	b := &bundle{urls: map[string]string{}, files: map[string]file{}}
	bodies := map[string][]byte{}
	var plain, styles []string
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		if contentTypes[path.Ext(name)] == "" {
			return fmt.Errorf("assets: %s: no content type is known for it", name)
		}
		bodies[name], err = fs.ReadFile(dist, name)
		if path.Ext(name) == ".css" {
			styles = append(styles, name)
		} else {
			plain = append(plain, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, name := range append(plain, styles...) {
		body := bodies[name]
		if path.Ext(name) == ".css" {
			if body, err = b.rewrite(name, body); err != nil {
				return nil, err
			}
		}
		if err := b.add(name, body); err != nil {
			return nil, err
		}
	}
	b.built = len(styles) > 0
	return b, nil
}

// rewrite turns the url(/assets/…) of a style sheet into hashed addresses.
func (b *bundle) rewrite(sheet string, body []byte) ([]byte, error) {
	var missing error
	out := cssURL.ReplaceAllFunc(body, func(match []byte) []byte {
		name := string(cssURL.FindSubmatch(match)[1])
		address, ok := b.urls[name]
		if !ok {
			missing = fmt.Errorf("assets: %s asks for %s, which was not built", sheet, name)
			return match
		}
		return []byte("url(" + address + ")")
	})
	return out, missing
}

func (b *bundle) add(name string, body []byte) error {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	address := prefix + strings.TrimSuffix(name, ext) + "-" + hash + ext
	f := file{body: body, contentType: contentTypes[ext], tag: hash}
	if ext != ".png" {
		var err error
		if f.gzip, f.brotli, err = compress(body); err != nil {
			return fmt.Errorf("assets: %s: %w", name, err)
		}
	}
	b.urls[name] = address
	b.files[address] = f
	return nil
}

// compress returns the gzip and brotli forms, or nil for one that is no smaller.
func compress(body []byte) (gz, br []byte, err error) {
	var g, r bytes.Buffer
	gw, err := gzip.NewWriterLevel(&g, gzip.BestCompression)
	if err != nil {
		return nil, nil, err
	}
	bw := brotli.NewWriterLevel(&r, 9)
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{gw, bw} {
		if _, err := w.Write(body); err != nil {
			return nil, nil, err
		}
		if err := w.Close(); err != nil {
			return nil, nil, err
		}
	}
	if g.Len() < len(body) {
		gz = g.Bytes()
	}
	if r.Len() < len(body) {
		br = r.Bytes()
	}
	return gz, br, nil
}

// url is the address of a built file. A wrong name is a programmer's mistake
// and panics, so that the first test of the page finds it.
func (b *bundle) url(name string) string {
	if address, ok := b.urls[name]; ok {
		return address
	}
	if !b.built {
		return prefix + name
	}
	panic(fmt.Sprintf("assets: no file %q was built", name))
}
