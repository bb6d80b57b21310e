package main

import (
	"bytes"
	"context"
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

func fetch(c *http.Client, req *http.Request) (int, error) {
	body, err := read(c, req)
	return len(body), err
}

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

// weigh adds up what a first visit and a later one carry over the wire.
func weigh(c *http.Client, base, token string) error {
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
		return err
	}
	squeezed, err := get("/projects", "br, gzip")
	if err != nil {
		return err
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
		return err
	}
	log.Printf("first visit %.1f kB compressed in %d files, later %.1f kB", float64(first)/1000, len(seen)+1, float64(len(squeezed))/1000)
	return nil
}

// rest starts the program on the database and reads its memory at rest.
func rest(ctx context.Context, program, db string) error {
	cmd := exec.CommandContext(ctx, program, "serve", "--db", db, "--listen", "127.0.0.1:0")
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }() // it is only looked at
	deadline := time.Now().Add(30 * time.Second)
	for !strings.Contains(out.String(), "Cairn is at") {
		if time.Now().After(deadline) {
			return fmt.Errorf("%s did not start", program)
		}
		time.Sleep(50 * time.Millisecond)
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/status")
	if err != nil {
		log.Printf("memory at rest is not measured here: %v", err)
		return nil
	}
	for _, line := range strings.Split(string(status), "\n") {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			log.Printf("memory at rest %s", strings.TrimSpace(kb))
		}
	}
	return nil
}
