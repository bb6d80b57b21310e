package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func read(c *http.Client, req *http.Request) ([]byte, error) {
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %d", req.URL, resp.StatusCode)
	}
	return body, err
}

var asset = regexp.MustCompile(`(?:href|src)="(/assets/[^"#]+)|url\("?([^)"]+\.woff2)"?\)`)

// What a first visit and a later one may weigh, in bytes, compressed.
const mostFirst, mostLater = 130_000, 20_000

// weigh adds up what a first visit and a later one carry over the wire.
func weigh(c *http.Client, base, token string) (broken int, err error) {
	get := func(path, encoding string) ([]byte, error) {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base+path, nil)
		if err != nil {
			return nil, err
		}
		req.AddCookie(&http.Cookie{Name: "cairn_session", Value: token})
		req.Header.Set("Accept-Encoding", encoding)
		return read(c, req)
	}
	page, err := get("/projects", "identity")
	if err != nil {
		return 0, err
	}
	squeezed, err := get("/projects", "br, gzip")
	if err != nil {
		return 0, err
	}
	first := len(squeezed)
	seen := map[string]bool{}
	var walk func(text []byte) error
	walk = func(text []byte) error {
		for _, m := range asset.FindAllSubmatch(text, -1) {
			path := string(m[1])
			if path == "" { // a font of the style sheet; the extended alphabets load only when they are needed
				path = strings.Trim(string(m[2]), `"'`)
				if i := strings.LastIndex(path, "/"); i >= 0 {
					path = "/assets/" + path[i+1:]
				}
				if strings.Contains(path, "-ext-") {
					continue
				}
			}
			if seen[path] {
				continue
			}
			seen[path] = true
			body, err := get(path, "br, gzip")
			if err != nil {
				return err
			}
			first += len(body)
			if strings.HasSuffix(path, ".css") {
				plain, err := get(path, "identity")
				if err != nil {
					return err
				}
				if err := walk(plain); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if err := walk(page); err != nil {
		return 0, err
	}
	log.Printf("first visit %.1f kB compressed in %d files, later %.1f kB", float64(first)/1000, len(seen)+1, float64(len(squeezed))/1000)
	if first > mostFirst || len(squeezed) > mostLater {
		broken++
	}
	return broken, nil
}

// started starts the program on a database and gives its address, its process and
// its end. The command may have others before it, such as taskset.
func started(ctx context.Context, db string, command ...string) (at string, pid int, stop func(), err error) {
	cmd := exec.CommandContext(ctx, command[0], append(command[1:], "serve", "--db", db, "--listen", "127.0.0.1:0")...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", 0, nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", 0, nil, err
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() } // it is only looked at
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at := address.FindString(lines.Text()); at != "" {
			go io.Copy(io.Discard, out) //nolint:errcheck // what it says afterwards goes nowhere
			return at, cmd.Process.Pid, stop, nil
		}
	}
	stop()
	return "", 0, nil, fmt.Errorf("%s did not start", strings.Join(command, " "))
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:[1-9][0-9]*`)

// mostRest is what the program may take at rest, in kB.
const mostRest = 60_000

// rest starts the program on the database and reads its memory at rest: the most
// of some moments, for it looks at the record every few seconds.
func rest(ctx context.Context, program, db string) (broken int, err error) {
	_, pid, stop, err := started(ctx, db, program)
	if err != nil {
		return 0, err
	}
	defer stop()
	most := 0
	for range 4 {
		kb, err := resident(pid)
		if err != nil {
			log.Printf("memory at rest is not measured here: %v", err)
			return 0, nil
		}
		most = max(most, kb)
		time.Sleep(2 * time.Second)
	}
	log.Printf("memory at rest %.1f MB", float64(most)/1000)
	if most > mostRest {
		broken++
	}
	return broken, nil
}

// resident is the memory that a process holds, in kB.
func resident(pid int) (kb int, err error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		if text, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(text, "kB")))
		}
	}
	return 0, errors.New("the process is at its end")
}
