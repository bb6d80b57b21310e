// Package scan asks a virus scanner about a file: a clamd at an address, or a
// command that reads the file from its standard input.
package scan

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Verdict is what a scanner says of a file.
type Verdict string

// The verdicts. An error beside one means that nobody looked.
const (
	Clean    Verdict = "clean"
	Infected Verdict = "infected"
)

// Scanner asks about a file.
type Scanner interface {
	Scan(ctx context.Context, content io.Reader) (Verdict, error)
}

// limit is how long a scanner may take with one file.
const limit = 2 * time.Minute

// New makes the scanner that an address names: "tcp://HOST:PORT", "HOST:PORT",
// "unix:/path/of/socket" is a clamd, anything else the path of a command. Empty
// is none.
func New(address string) (Scanner, error) {
	if address == "" {
		return nil, nil
	}
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return clamd{"unix", strings.TrimPrefix(path, "//")}, nil
	}
	if to, ok := strings.CutPrefix(address, "tcp://"); ok || !strings.Contains(address, "/") && strings.Contains(address, ":") {
		if _, _, err := net.SplitHostPort(to); err != nil {
			return nil, fmt.Errorf("%s: write tcp://HOST:PORT, unix:/path/of/socket or the path of a command: %w", address, err)
		}
		return clamd{"tcp", to}, nil
	}
	path, err := exec.LookPath(address)
	if err != nil {
		return nil, fmt.Errorf("%s: write tcp://HOST:PORT, unix:/path/of/socket or the path of a command: %w", address, err)
	}
	return command(path), nil
}

// command is a program that is called with the file on its standard input: exit
// status 0 is clean, 1 infected, anything else not checked.
type command string

// Scan implements Scanner.
func (c command) Scan(ctx context.Context, content io.Reader) (Verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	run := exec.CommandContext(ctx, string(c)) //nolint:gosec // the operator names the program; nothing of the file is in the call
	run.Stdin, run.WaitDelay = content, time.Second
	run.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "CAIRN_") }) // where the database is, is not its business
	err := run.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return Clean, nil
	case errors.As(err, &ended) && ended.ExitCode() == 1:
		return Infected, nil
	}
	return "", err
}

// clamd speaks INSTREAM (clamd(8)): pieces with their length before them, zero
// at the end, and one line back.
type clamd struct{ network, address string }

const piece = 64 << 10

// Scan implements Scanner.
func (c clamd) Scan(ctx context.Context, content io.Reader) (Verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // what waits on it ends with an error
	defer stop()
	sent := send(conn, content)
	// A file over clamd's own limit is answered before it is sent whole.
	answer, err := io.ReadAll(io.LimitReader(conn, 4096))
	said := strings.TrimRight(string(answer), "\x00\n")
	switch {
	case strings.HasSuffix(said, " FOUND"):
		return Infected, nil
	case sent == nil && err == nil && strings.HasSuffix(said, ": OK"):
		return Clean, nil
	}
	return "", errors.Join(sent, err, fmt.Errorf("clamd says %.200q", said))
}

func send(conn net.Conn, content io.Reader) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	b := make([]byte, 4+piece)
	for {
		n, err := io.ReadFull(content, b[4:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if n > 0 {
			binary.BigEndian.PutUint32(b, uint32(n))
			if _, err := conn.Write(b[:4+n]); err != nil {
				return err
			}
		}
		if n < piece {
			_, err := conn.Write([]byte{0, 0, 0, 0})
			return err
		}
	}
}
