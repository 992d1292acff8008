//go:build !linux

package cluster

import "syscall"

func inNamespace(*syscall.SysProcAttr) {}

func namespacesWork() bool { return false }
