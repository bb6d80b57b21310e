package app

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/jobs"
	"cairn/internal/webhook"
	"cairn/internal/webhook/webhookweb"
)

// listener is another system: a real server on the loopback.
type listener struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []heard
}

type heard struct {
	id, timestamp, signature, raw string
	Type                          string
	Data                          struct {
		Seq     int64
		Project string
		Facts   map[string]any
	}
}

func listen(t *testing.T) *listener {
	l := &listener{status: http.StatusNoContent}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		defer l.mu.Unlock()
		raw, _ := io.ReadAll(r.Body)
		h := heard{id: r.Header.Get("webhook-id"), timestamp: r.Header.Get("webhook-timestamp"), signature: r.Header.Get("webhook-signature"), raw: string(raw)}
		if err := json.Unmarshal(raw, &h); err != nil {
			t.Errorf("heard %q: %v", raw, err)
		}
		l.got = append(l.got, h)
		if l.status == http.StatusFound {
			w.Header().Set("Location", "http://169.254.169.254/latest")
		}
		w.WriteHeader(l.status)
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) answer(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status, l.got = status, nil
}

func (l *listener) seqs() (out []int64) {
	for _, h := range l.got {
		out = append(out, h.Data.Seq)
	}
	return out
}

// hooked lets the office's webhooks reach the loopback.
func (o *office) hooked() *office {
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	o.Log = slog.New(slog.DiscardHandler)
	o.Webhooks = webhook.NewService(o.Unit, webhookweb.NewSender(loopback), loopback)
	return o
}

// deliver works off the record and then every job that is due.
func (o *office) deliver(t *testing.T) {
	t.Helper()
	if err := o.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := o.jobRunner().Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func (o *office) register(t *testing.T, who authz.Actor, address string, verbs ...string) (id, secret string) {
	t.Helper()
	id, secret, err := o.Webhooks.Register(context.Background(), who, webhook.New{Address: address, Verbs: verbs})
	if err != nil {
		t.Fatal(err)
	}
	return id, secret
}

func TestWebhooksTellWhatTheirOwnerMaySee(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.hooked()
		heads, admins := listen(t), listen(t)
		_, secret := o.register(t, o.head, heads.URL)
		o.register(t, o.adm, admins.URL)
		open, hidden := o.add(t, "Open", false), o.add(t, "Hidden", true)
		if err := o.Career.TurnOn(ctx, o.manager); err != nil {
			t.Fatal(err)
		}
		o.deliver(t)
		o.deliver(t)
		tells := func(l *listener, project string) bool {
			return slices.ContainsFunc(l.got, func(h heard) bool { return h.Data.Project == project })
		}
		if !tells(heads, open) || !tells(heads, hidden) || !tells(admins, open) {
			t.Errorf("heard: %d and %d messages", len(heads.got), len(admins.got))
		}
		if tells(admins, hidden) || strings.Contains(raws(admins), hidden) {
			t.Error("the administrator's webhook heard of a confidential project")
		}
		for _, l := range []*listener{heads, admins} {
			if strings.Contains(raws(l), "career") || strings.Contains(raws(l), "Hidden") {
				t.Errorf("a private entry or a name was sent: %s", raws(l))
			}
			if s := l.seqs(); !slices.IsSorted(s) || len(slices.Compact(s)) != len(l.got) {
				t.Errorf("in the order %v", l.seqs())
			}
		}
		for _, h := range heads.got {
			if want, err := webhook.Sign(secret, h.id, h.timestamp, []byte(h.raw)); err != nil || h.signature != want {
				t.Errorf("signature %q, want %q, %v", h.signature, want, err)
			}
			if h.Type == "project.added" && h.Data.Facts["new"] != true {
				t.Errorf("facts %v", h.Data.Facts)
			}
		}
	})
}

func raws(l *listener) (s string) {
	for _, h := range l.got {
		s += h.raw + "\n"
	}
	return s
}

func TestWhatBecameConfidentialMeanwhileIsWithheld(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.hooked()
		l := listen(t)
		id, _ := o.register(t, o.adm, l.URL, "project.added")
		project := o.add(t, "Soon hidden", false)
		if err := o.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		if err := o.Portfolio.Mark(ctx, o.head, project, true); err != nil {
			t.Fatal(err)
		}
		o.deliver(t)
		_, list, _, err := o.Webhooks.Hook(ctx, o.adm, id, "", "")
		if err != nil || len(l.got) != 0 || len(list) != 1 || list[0].State != webhook.Withheld {
			t.Errorf("sent %d; deliveries %+v, %v", len(l.got), list, err)
		}
	})
}

func TestFailingWebhooksAreTriedAgainThenPausedAndLoseNothing(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.hooked()
		l := listen(t)
		id, _ := o.register(t, o.head, l.URL, "project.added")
		l.answer(http.StatusFound) // a redirect is an answer that is not followed
		first, second := o.add(t, "First", false), o.add(t, "Second", false)
		o.deliver(t)
		if len(l.got) != 1 || l.got[0].Data.Project != first {
			t.Fatalf("after the first try: %s", raws(l))
		}
		o.deliver(t)
		if len(l.got) != 1 {
			t.Fatal("it was tried again at once")
		}
		for range jobs.MostTries {
			o.clock.Advance(jobs.LongestPause * 2)
			o.deliver(t)
		}
		h, list, _, err := o.Webhooks.Hook(ctx, o.head, id, "", "")
		if err != nil || len(l.got) != jobs.MostTries || h.Paused == 0 || h.Failed != 1 || h.Waiting != 1 {
			t.Fatalf("%d tries; %+v, %v", len(l.got), h, err)
		}
		if list[0].State != webhook.Held || list[1].State != webhook.Failed || list[1].Status != http.StatusFound {
			t.Errorf("deliveries %+v", list)
		}
		ids := map[string]bool{}
		for _, h := range l.got {
			ids[h.id] = true
		}
		if len(ids) != 1 {
			t.Errorf("one message had %d ids", len(ids))
		}
		third := o.add(t, "Third", false)
		l.answer(http.StatusOK)
		if err := o.Webhooks.Resume(ctx, o.head, id); err != nil {
			t.Fatal(err)
		}
		if err := o.Webhooks.SendAgain(ctx, o.head, id, list[1].ID); err != nil {
			t.Fatal(err)
		}
		o.deliver(t)
		var order []string
		for _, h := range l.got {
			order = append(order, h.Data.Project)
		}
		if !slices.Equal(order, []string{first, second, third}) {
			t.Errorf("in the order %v, want %v", order, []string{first, second, third})
		}
	})
}

func TestWebhooksOfOthersDoNotExist(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.hooked()
		id, _ := o.register(t, o.head, "https://example.org/x")
		if _, _, _, err := o.Webhooks.Hook(ctx, o.adm, id, "", ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("another's webhook: %v", err)
		}
		if err := o.Webhooks.Remove(ctx, o.adm, id); !errs.Is(err, errs.NotFound) {
			t.Errorf("removing it: %v", err)
		}
		if _, _, err := o.Webhooks.Register(ctx, o.manager, webhook.New{Address: "https://example.org/x"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a member registers: %v", err)
		}
	})
}

// A name that resolves to a private address is found out when it is dialled.
func TestNamesOfPrivateAddressesAreNotReached(t *testing.T) {
	l := listen(t)
	address := strings.Replace(l.URL, "127.0.0.1", "localhost", 1)
	if _, err := webhookweb.NewSender(nil).Send(context.Background(), webhook.Message{Address: address}); err == nil || len(l.got) != 0 {
		t.Errorf("reached: %v", err)
	}
	if _, err := webhookweb.NewSender([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}).
		Send(context.Background(), webhook.Message{Address: address, Body: []byte("{}")}); err != nil {
		t.Errorf("an allowed network: %v", err)
	}
}

func TestSweepingRemovesWhatHasRunOut(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.hooked()
		if err := o.startSweeping(ctx); err != nil {
			t.Fatal(err)
		}
		if err := o.startSweeping(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Store.Write.Exec(`INSERT INTO rate_limit (bucket, began_at, tries) VALUES ($1, 1, 1)`, []byte("old")); err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(2 * time.Hour)
		o.deliver(t)
		var left, next int
		if err := o.Store.Read.QueryRow(`SELECT COUNT(*) FROM rate_limit`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if err := o.Store.Read.QueryRow(`SELECT COUNT(*) FROM job WHERE kind = 'sweep'`).Scan(&next); err != nil {
			t.Fatal(err)
		}
		if left != 0 || next != 1 {
			t.Errorf("%d counts left, %d sweeps ahead", left, next)
		}
	})
}
