package cluster

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// identity is the user that PostgreSQL runs as.
type identity struct {
	namespace bool                // our own uid, under another name
	other     *syscall.Credential // another user, when we are root and namespaces are barred
	name      string
}

// whoRuns decides how to run PostgreSQL, which refuses root.
func whoRuns(noNamespaces bool) (identity, error) {
	if os.Getuid() != 0 {
		_, err := user.LookupId(strconv.Itoa(os.Getuid()))
		return identity{namespace: err != nil && !noNamespaces && namespacesWork()}, nil
	}
	if !noNamespaces && namespacesWork() {
		return identity{namespace: true}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		return identity{other: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, name: name}, nil
	}
	return identity{}, fmt.Errorf("PostgreSQL refuses to run as root, user namespaces are barred here, " +
		"and there is no user postgres or nobody to run it as: run virtualschool as an ordinary user")
}

// attributes are the process attributes of every PostgreSQL program we start: a
// session of its own, so that Ctrl-C and our death do not reach it.
func (id identity) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setsid: true}
	if id.namespace {
		inNamespace(a)
	}
	a.Credential = id.other
	return a
}

// own gives a folder to the identity, for a folder made by a run under another
// one, and explains when it may not.
func (id identity) own(dir string) error {
	uid, gid := os.Getuid(), os.Getgid()
	if id.other != nil {
		uid, gid = int(id.other.Uid), int(id.other.Gid)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) == uid {
		return nil
	}
	err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
	if err != nil {
		return fmt.Errorf("%s belongs to another user: run virtualschool as that user, "+
			"set VS_DATA_DIR to a folder of your own, or remove it to begin anew: %w", dir, err)
	}
	return nil
}

// hint explains a failure that the other user may have caused.
func (id identity) hint(dir string) string {
	if id.other == nil {
		return ""
	}
	return fmt.Sprintf("\nPostgreSQL refuses root and user namespaces are barred here, so it runs as the user %s, who must be able to reach %s: "+
		"set VS_DATA_DIR to a folder open to everyone on the way (such as /var/lib/virtualschool), or run virtualschool as an ordinary user", id.name, dir)
}
