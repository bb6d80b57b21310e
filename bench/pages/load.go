package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// connections is how many readers ask at the same time.
const connections = 10

// load prints how many pages a second the program gives on one pinned core to ten
// connections. The client is this process, which runs beside it on the others.
func load(ctx context.Context, program string, w world) error {
	at, pid, stop, err := started(ctx, w.file, "taskset", "-c", "0", program)
	if err != nil {
		log.Printf("requests per second on one core are not measured here: %v", err)
		return nil
	}
	defer stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}}
	for _, p := range w.pages() {
		n, err := perSecond(ctx, client, at+p.path, w.token)
		if err != nil {
			return err
		}
		log.Printf("%-14s %7.0f requests/s on one pinned core, %d connections, Go client in another process", p.name, n, connections)
	}
	if kb, err := resident(pid); err == nil {
		log.Printf("memory after this load %.1f MB", float64(kb)/1000)
	}
	return nil
}

func perSecond(ctx context.Context, client *http.Client, url, token string) (float64, error) {
	const lasting = 4 * time.Second
	var done atomic.Int64
	var failed atomic.Value
	var wg sync.WaitGroup
	began := time.Now()
	for range connections {
		wg.Go(func() {
			for time.Since(began) < lasting && failed.Load() == nil {
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
				if err == nil {
					req.AddCookie(&http.Cookie{Name: "cairn_session", Value: token})
					err = drain(client, req)
				}
				if err != nil {
					failed.Store(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if err, bad := failed.Load().(error); bad {
		return 0, err
	}
	return float64(done.Load()) / time.Since(began).Seconds(), nil
}

func drain(client *http.Client, req *http.Request) error {
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", req.URL, res.Status)
	}
	return nil
}
