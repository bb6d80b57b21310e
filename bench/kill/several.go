package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// nodes is how many processes share the database.
const nodes = 3

// several runs three processes over one PostgreSQL database: what one knows the
// others know, and when one is killed under load the others go on.
type several struct {
	program, dsn string
	rand         *rand.Rand
	processes    []*process
	token        string
}

// checks starts the processes, looks at what they share, and kills one of them
// n times, each time another.
func (s *several) checks(ctx context.Context, n int) (err error) {
	defer s.end()
	// The first makes the demonstration; those that start then find it.
	for range nodes {
		p, err := start(ctx, s.program, s.dsn)
		if err != nil {
			return err
		}
		s.processes = append(s.processes, p)
	}
	if s.token, err = newToken(ctx, s.processes[0].url); err != nil {
		return err
	}
	if err := errors.Join(s.sessions(ctx), s.rateLimit(ctx)); err != nil {
		return err
	}
	total := 0
	for i := range n {
		confirmed, err := s.killOne(ctx, i%nodes)
		if err != nil {
			return fmt.Errorf("kill %d: %w", i+1, err)
		}
		total += confirmed
	}
	log.Printf("%d processes: ok: sessions and rate limits are shared, %d times one was killed, %d confirmed writes are there, the others saw no error, the record verifies", nodes, n, total)
	return nil
}

func (s *several) end() {
	for _, p := range s.processes {
		p.kill()
	}
}

// sessions signs in at one process, reads at the next, and signs out there.
func (s *several) sessions(ctx context.Context) error {
	a, b := s.processes[0].url, s.processes[1].url
	cookie, err := enter(ctx, a)
	if err != nil {
		return err
	}
	if code, err := page(ctx, http.MethodGet, b+"/projects", cookie, nil); err != nil || code != http.StatusOK {
		return fmt.Errorf("a session of one process at another: %d, %w", code, err)
	}
	if code, err := page(ctx, http.MethodPost, b+"/sign-out", cookie, nil); err != nil || code != http.StatusSeeOther {
		return fmt.Errorf("sign out at another process: %d, %w", code, err)
	}
	if code, err := page(ctx, http.MethodGet, a+"/projects", cookie, nil); err != nil || code != http.StatusSeeOther {
		return fmt.Errorf("a session that ended at one process lives on at another: %d, %w", code, err)
	}
	return nil
}

// rateLimit tries a wrong password at each process in turn: the ninth try for
// one address is one too many, wherever it comes.
func (s *several) rateLimit(ctx context.Context) error {
	const most = 8
	form := url.Values{"email": {"nobody@demo.invalid"}, "password": {"wrong and long enough"}}
	for i := range most + nodes {
		code, err := page(ctx, http.MethodPost, s.processes[i%nodes].url+"/sign-in", nil, form)
		want := http.StatusUnprocessableEntity
		if i >= most {
			want = http.StatusTooManyRequests
		}
		if err != nil || code != want {
			return fmt.Errorf("try %d to sign in: %d, want %d; %w", i+1, code, want, err)
		}
	}
	return nil
}

// tally is what the writers of all processes were told.
type tally struct {
	mu        sync.Mutex
	confirmed []string
	err       error // of a process that was not killed
}

// killOne lets writers work at every process, kills one in the middle and starts
// it again. Only its own writers may see an error, and only what it did not answer
// may be missing.
func (s *several) killOne(ctx context.Context, victim int) (int, error) {
	var (
		wg   sync.WaitGroup
		got  tally
		stop = make(chan struct{})
		dead = make(chan struct{})
	)
	for w := range writers {
		node := w % nodes
		wg.Go(func() { s.write(ctx, node, node == victim, fmt.Sprintf("several-%d-%d", victim, w), stop, dead, &got) })
	}
	<-time.After(time.Duration(300+s.rand.IntN(500)) * time.Millisecond)
	close(dead) // its writers may be refused from here on
	s.processes[victim].kill()
	<-time.After(time.Duration(300+s.rand.IntN(300)) * time.Millisecond)
	close(stop)
	wg.Wait()
	if got.err != nil {
		return 0, got.err
	}
	again, err := start(ctx, s.program, s.dsn)
	if err != nil {
		return 0, err
	}
	s.processes[victim] = again
	if len(got.confirmed) < nodes {
		return 0, fmt.Errorf("only %d writes were confirmed: nothing was tried", len(got.confirmed))
	}
	r := run{program: s.program, dsn: s.dsn, token: s.token}
	return len(got.confirmed), errors.Join(r.missing(ctx, again.url, got.confirmed), r.verify(ctx))
}

func (s *several) write(ctx context.Context, node int, victim bool, name string, stop, dead <-chan struct{}, got *tally) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		at, err := write(ctx, s.processes[node].url, s.token, fmt.Sprintf("%s-%d", name, i))
		got.mu.Lock()
		var no refused
		switch {
		case err == nil:
			got.confirmed = append(got.confirmed, at)
		case !victim || errors.As(err, &no) || !closed(dead):
			got.err = errors.Join(got.err, fmt.Errorf("process %d: %w", node, err))
		}
		got.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// enter signs in as head of PMO and gives the session's cookie.
func enter(ctx context.Context, base string) (*http.Cookie, error) {
	email, err := headOfPMO(ctx, base)
	if err != nil {
		return nil, err
	}
	res, err := plain(ctx, http.MethodPost, base+"/demo/enter", nil, url.Values{"email": {email}})
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == "cairn_session" {
			return c, nil
		}
	}
	return nil, errors.New("entering gives no session")
}

// page gives the status of an answer.
func page(ctx context.Context, method, to string, cookie *http.Cookie, form url.Values) (int, error) {
	res, err := plain(ctx, method, to, cookie, form)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	return res.StatusCode, nil
}

var unled = &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// plain sends a form as a browser does and follows no redirection.
func plain(ctx context.Context, method, to string, cookie *http.Cookie, form url.Values) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, to, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != nil {
		req.AddCookie(cookie)
	}
	return unled.Do(req)
}
