// Package clamav asks a ClamAV daemon whether a file carries a known virus. It speaks the daemon's
// INSTREAM command over its socket, so the daemon never sees the disk and nothing is left behind. A file that
// could not be looked at is not clean: Scan says so by an error, and whoever asked refuses the file.
package clamav

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"time"
)

// limit is how long a scan may take, with connecting.
const limit = 30 * time.Second

// chunk is how much is sent at a time.
const chunk = 64 << 10

// mostReply is more than the daemon says about one file.
const mostReply = 4 << 10

// errFile: what was to be scanned could not be read to its end.
var errFile = errors.New("the file cannot be read")

// Client asks the daemon at a socket: the whole path of its file, or host:port.
type Client struct{ Socket string }

// Scan sends a file and gives the name of the virus found in it, empty for none. An error: the daemon did
// not answer, or could not look at the file.
func (c Client) Scan(ctx context.Context, file io.Reader) (virus string, err error) {
	network := "tcp"
	if filepath.IsAbs(c.Socket) {
		network = "unix"
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, network, c.Socket)
	if err != nil {
		return "", fmt.Errorf("reach the virus scanner: %w", err)
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return "", err
	}
	sent := send(conn, file)
	if errors.Is(sent, errFile) {
		return "", sent
	}
	// Where the daemon hangs up early, why is in what it said before.
	reply, err := bufio.NewReader(io.LimitReader(conn, mostReply)).ReadString(0) // as answers to commands with a z end
	if said := strings.TrimRight(reply, "\x00\n"); said != "" {
		return verdict(said)
	}
	return "", fmt.Errorf("the virus scanner did not answer: %w", errors.Join(sent, err, io.ErrUnexpectedEOF))
}

func send(conn io.Writer, file io.Reader) error {
	if _, err := conn.Write([]byte("zINSTREAM\x00")); err != nil {
		return err
	}
	var frame bytes.Buffer
	part := make([]byte, chunk)
	for {
		n, err := io.ReadFull(file, part)
		if n > 0 {
			frame.Reset()
			var size [4]byte
			binary.BigEndian.PutUint32(size[:], uint32(n)) // #nosec G115 -- at most chunk
			frame.Write(size[:])
			frame.Write(part[:n])
			if _, err := conn.Write(frame.Bytes()); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			_, err := conn.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errFile, err)
		}
	}
}

// verdict reads an answer such as "stream: OK" or "stream: Win.Test.EICAR_HDB-1 FOUND".
func verdict(said string) (virus string, err error) {
	said = strings.TrimPrefix(said, "stream: ")
	if name, found := strings.CutSuffix(said, " FOUND"); found && name != "" {
		return name, nil
	}
	if said == "OK" {
		return "", nil
	}
	return "", fmt.Errorf("the virus scanner could not look at the file: %q", said)
}
