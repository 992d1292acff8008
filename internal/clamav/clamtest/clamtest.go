// Package clamtest is a stand-in for a ClamAV daemon, for tests: it knows one virus, the harmless one that
// scanners are tested with.
package clamtest

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
)

// EICAR is the test virus, put together so that no scanner takes this file for it.
var EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

// Most is the largest file the daemon takes.
const Most = 4 << 20

// T is a test, of which only this is asked.
type T interface {
	Helper()
	Fatal(args ...any)
	Cleanup(end func())
}

// Start starts a daemon and gives its address; it ends with the test.
func Start(t T) string { return listen(t, serve) }

// Silent starts one that hangs up without a word.
func Silent(t T) string { return listen(t, func(conn net.Conn) { conn.Close() }) }

func listen(t T, answer func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(conn)
		}
	}()
	return listener.Addr().String()
}

func serve(conn net.Conn) {
	defer conn.Close()
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
		io.WriteString(conn, "UNKNOWN COMMAND\x00")
		return
	}
	var file bytes.Buffer
	for {
		var size uint32
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		if size == 0 {
			break
		}
		if file.Len()+int(size) > Most {
			io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
			io.Copy(io.Discard, conn) // so that what was said is read before the connection is reset
			return
		}
		if _, err := io.CopyN(&file, conn, int64(size)); err != nil {
			return
		}
	}
	if bytes.Contains(file.Bytes(), []byte(EICAR)) {
		io.WriteString(conn, "stream: Eicar-Signature FOUND\x00")
		return
	}
	io.WriteString(conn, "stream: OK\x00")
}
