package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// shutdownGrace is how long requests under way may take to end.
const shutdownGrace = 15 * time.Second

// Serve answers until the context ends, then lets requests under way end. Said
// is called with the address once it listens.
func (a *App) Serve(ctx context.Context, said func(address string)) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", a.Listen)
	if err != nil {
		return err
	}
	address := "http://" + l.Addr().String()
	if a.URL == "" {
		a.URL = address
	}
	site := server(a.Handler())
	failed := make(chan error, 3)
	go func() { failed <- site.Serve(l) }()
	servers := []*http.Server{site}
	if a.Metrics != "" {
		m, err := lc.Listen(ctx, "tcp", a.Metrics)
		if err != nil {
			return errors.Join(err, site.Close())
		}
		metrics := server(promhttp.Handler())
		servers = append(servers, metrics)
		go func() { failed <- metrics.Serve(m) }()
	}
	reading, stop := context.WithCancel(ctx)
	if err := a.startSweeping(ctx); err != nil {
		stop()
		return errors.Join(err, site.Close())
	}
	var behind sync.WaitGroup
	behind.Go(func() { a.read(reading) })
	behind.Go(func() { a.jobRunner().Run(reading, shutdownGrace) })
	debug.FreeOSMemory() // what starting took and serving does not need
	letGo()
	said(address)
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, s.Shutdown(grace))
	}
	behind.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

func server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 16}
}
