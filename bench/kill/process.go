package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// process is the program, listening.
type process struct {
	cmd *exec.Cmd
	url string
}

var (
	address = regexp.MustCompile(`http://127\.0\.0\.1:[1-9][0-9]*`)
	secret  = regexp.MustCompile(`<code class="break">([^<]+)</code>`)
	entry   = regexp.MustCompile(`name="email" value="([^"]+)"[^§]*?Head of PMO`)
)

// start runs the demonstration and reads the address that it prints.
func start(ctx context.Context, program, dsn string) (*process, error) {
	cmd := exec.CommandContext(ctx, program, "demo", "--db", dsn, "--listen", "127.0.0.1:0", "--projects", "20", "--log", "error", "--api-rate=-1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at := address.FindString(lines.Text()); at != "" {
			go io.Copy(io.Discard, out) //nolint:errcheck // what it says afterwards goes nowhere
			return &process{cmd: cmd, url: at}, nil
		}
	}
	err = cmd.Wait()
	return nil, fmt.Errorf("the program ended before it listened: %w\n%s", err, said.String())
}

// kill ends the program without a word.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	_ = p.cmd.Wait()         // says that it was killed
}

var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: writers}}

// newToken enters as head of PMO and makes an API token.
func newToken(ctx context.Context, base string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	c := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	email, err := headOfPMO(ctx, base)
	if err != nil {
		return "", err
	}
	if _, err := body(c, ctx, http.MethodPost, base+"/demo/enter", url.Values{"email": {email}}); err != nil {
		return "", err
	}
	page, err := body(c, ctx, http.MethodPost, base+"/account/tokens", url.Values{"token_name": {"kill"}, "scope": {"read", "people:write", "projects:write", "imports:write"}, "days": {"1"}})
	if err != nil {
		return "", err
	}
	m := secret.FindStringSubmatch(page)
	if m == nil {
		return "", errors.New("the page shows no new token")
	}
	return m[1], nil
}

// headOfPMO finds on the first page the address to enter with.
func headOfPMO(ctx context.Context, base string) (string, error) {
	front, err := body(client, ctx, http.MethodGet, base+"/", nil)
	if err != nil {
		return "", err
	}
	for part := range strings.SplitSeq(front, "<li>") {
		if m := entry.FindStringSubmatch(part); m != nil {
			return m[1], nil
		}
	}
	return "", errors.New("the first page offers no head of PMO")
}

func body(c *http.Client, ctx context.Context, method, to string, form url.Values) (string, error) {
	req, err := http.NewRequestWithContext(ctx, method, to, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 400 {
		err = fmt.Errorf("%s answers %s", to, res.Status)
	}
	return string(text), err
}

// write adds a person or a project, in turn, and gives the address of what was
// confirmed.
func write(ctx context.Context, base, token, name string) (string, error) {
	kind, sent := "/api/v1/people", any(map[string]string{"name": "Writer " + name})
	if len(name)%2 == 0 {
		fact := map[string]string{"value": "Project " + name}
		kind, sent = "/api/v1/projects", map[string]any{"facts": map[string]any{"name": fact}}
	}
	text, err := json.Marshal(sent)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+kind, bytes.NewReader(text))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	var made struct {
		ID string `json:"id"`
	}
	if err := ask(req, token, http.StatusCreated, &made); err != nil {
		return "", err
	}
	return kind + "/" + made.ID, nil
}

// importRows is how many projects each imported file holds.
const importRows = 150

// importFile imports a file of projects whose names begin with its own.
func importFile(ctx context.Context, base, token, name string) error {
	var file strings.Builder
	file.WriteString("name,department\n")
	for i := range importRows {
		fmt.Fprintf(&file, "%s %02d,Kill\n", name, i)
	}
	to := base + "/api/v1/imports?" + url.Values{"file": {name + ".csv"}, "source": {name}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(file.String()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	return ask(req, token, http.StatusOK, &struct{}{})
}

// count tells how many projects have a text in their names.
func count(ctx context.Context, base, token, text string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/v1/projects?"+url.Values{"find": {text}, "limit": {"1"}}.Encode(), nil)
	if err != nil {
		return 0, err
	}
	var list struct {
		Count int `json:"count"`
	}
	err = ask(req, token, http.StatusOK, &list)
	return list.Count, err
}

// refused is an answer of the living program that is not the one expected.
type refused string

func (r refused) Error() string { return string(r) }

func read(ctx context.Context, at, token string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return err
	}
	return ask(req, token, http.StatusOK, &struct{}{})
}

// ask sends a request and reads the whole answer, because only a whole one counts.
func ask(req *http.Request, token string, want int, into any) error {
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != want {
		return refused(fmt.Sprintf("%s %s answers %s: %s", req.Method, req.URL, res.Status, text))
	}
	return json.Unmarshal(text, into)
}
