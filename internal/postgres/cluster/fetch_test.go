package cluster

import (
	"archive/tar"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// archive makes a package like npm's.
func archive(t *testing.T, files map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.tgz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zw := gzip.NewWriter(f)
	defer zw.Close()
	tw := tar.NewWriter(zw)
	defer tw.Close()
	for name, body := range files {
		if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(body)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestUnpackMakesProgramsAndLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	err := unpack(archive(t, map[string]string{
		"package/package.json":             "{}",
		"package/native/bin/postgres":      "#!/bin/sh\n",
		"package/native/lib/libx.so.60.2":  "library",
		"package/native/pg-symlinks.json":  `[{"source":"native/lib/libx.so.60.2","target":"native/lib/libx.so.60"}]`,
		"package/native/share/timezone/GB": "zone",
	}), dir)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "bin/postgres")); err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("the program cannot be run: %v %v", info, err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "lib/libx.so.60")); err != nil || string(b) != "library" {
		t.Errorf("the link leads to %q, %v", b, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "package.json")); err == nil {
		t.Error("more than the native part was unpacked")
	}
}

func TestUnpackStaysInItsFolder(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"file": {"package/native/../../../outside": "x"},
		"link": {"package/native/pg-symlinks.json": `[{"source":"native/bin/x","target":"native/../../outside"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parent := t.TempDir()
			dir := filepath.Join(parent, "a", "b")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := unpack(archive(t, files), dir); err == nil {
				t.Error("no error")
			}
			for _, p := range []string{filepath.Join(parent, "outside"), filepath.Join(parent, "a", "outside")} {
				if _, err := os.Lstat(p); err == nil {
					t.Errorf("wrote %s", p)
				}
			}
		})
	}
}

func TestAnotherArchiveThanTheExpectedIsRefused(t *testing.T) {
	t.Parallel()
	path := archive(t, map[string]string{"package/native/bin/postgres": "x"})
	if err := verify(path, platforms["linux/amd64"].sha512); err == nil || !strings.Contains(err.Error(), "not the one expected") {
		t.Errorf("got %v", err)
	}
}
