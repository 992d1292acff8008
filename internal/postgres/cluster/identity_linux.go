package cluster

import (
	"os"
	"os/exec"
	"syscall"
)

// inNamespace starts the child in a user namespace where our own uid is called
// 1. PostgreSQL refuses to run as root and initdb wants a uid that is in
// /etc/passwd (1, daemon, always is); the files stay ours.
func inNamespace(a *syscall.SysProcAttr) {
	a.Cloneflags |= syscall.CLONE_NEWUSER
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 1, HostID: os.Getuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 1, HostID: os.Getgid(), Size: 1}}
}

// namespacesWork says whether this machine lets us make user namespaces; some
// containers bar them.
func namespacesWork() bool {
	c := exec.Command("/bin/true")
	c.SysProcAttr = &syscall.SysProcAttr{}
	inNamespace(c.SysProcAttr)
	return c.Run() == nil
}
