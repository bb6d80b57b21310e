package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeClamd answers INSTREAM as clamd does, and finds "EICAR"; it gives its address.
func fakeClamd(t *testing.T, network, at, answer string) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), network, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serve(conn, answer)
		}
	}()
	return l.Addr().String()
}

func serve(conn net.Conn, answer string) {
	defer conn.Close()
	head := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, head); err != nil || string(head) != "zINSTREAM\x00" {
		return
	}
	var got bytes.Buffer
	for {
		var n uint32
		if binary.Read(conn, binary.BigEndian, &n) != nil {
			return
		}
		if n == 0 {
			break
		}
		if _, err := io.CopyN(&got, conn, int64(n)); err != nil {
			return
		}
	}
	if answer == "" {
		answer = "stream: OK"
		if strings.Contains(got.String(), "EICAR") {
			answer = "stream: Eicar-Signature FOUND"
		}
	}
	_, _ = conn.Write([]byte(answer + "\x00"))
}

func says(t *testing.T, address, content string, want Verdict) {
	t.Helper()
	s, err := New(address)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Scan(context.Background(), strings.NewReader(content))
	if got != want || (err == nil) != (want != "") {
		t.Errorf("%s says %q, %v of %.20q, want %q", address, got, err, content, want)
	}
}

func TestClamd(t *testing.T) {
	large := strings.Repeat("x", 3*piece) + "EICAR"
	tcp := "tcp://" + fakeClamd(t, "tcp", "127.0.0.1:0", "")
	socket := filepath.Join(t.TempDir(), "clamd")
	fakeClamd(t, "unix", socket, "")
	for _, address := range []string{tcp, "unix:" + socket, strings.TrimPrefix(tcp, "tcp://")} {
		says(t, address, "clean", Clean)
		says(t, address, "", Clean)
		says(t, address, large, Infected)
		says(t, address, strings.Repeat("x", 2*piece), Clean)
	}
	says(t, "tcp://"+fakeClamd(t, "tcp", "127.0.0.1:0", "INSTREAM size limit exceeded. ERROR"), "clean", "")
	says(t, "unix:"+filepath.Join(t.TempDir(), "nobody"), "clean", "")
}

func TestCommand(t *testing.T) {
	t.Setenv("CAIRN_DB", "postgres://secret")
	script := func(body string) string {
		path := filepath.Join(t.TempDir(), "scan")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	find := script(`test -z "$CAIRN_DB" || exit 3; if grep -q EICAR; then exit 1; fi`)
	says(t, find, "clean", Clean)
	says(t, find, strings.Repeat("x\n", 500_000)+"EICAR", Infected)
	says(t, script("exit 0"), strings.Repeat("x", 1<<20), Clean) // it need not read
	says(t, script("exit 2"), "clean", "")
	says(t, script("kill $$"), "clean", "")
}

func TestAddresses(t *testing.T) {
	if s, err := New(""); s != nil || err != nil {
		t.Errorf("none: %v, %v", s, err)
	}
	for _, bad := range []string{"tcp://nowhere", "/no/such/program", "no-such-program-here"} {
		if _, err := New(bad); err == nil || !strings.Contains(err.Error(), "tcp://HOST:PORT") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
