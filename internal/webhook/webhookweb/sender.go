package webhookweb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"cairn/internal/webhook"
)

// Sender posts messages over HTTP. It looks at the address that a name was
// resolved to at the moment of dialling, so that no name can point elsewhere
// between the check and the use; it follows no redirect and uses no proxy.
type Sender struct{ client *http.Client }

// patience is how long an address may take to answer.
const patience = 15 * time.Second

var errPrivate = errors.New("the address is private, and its network is not allowed")

// NewSender makes a sender that reaches public addresses and the allowed networks.
func NewSender(allowed []netip.Prefix) *Sender {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !webhook.MayReach(at.Addr(), allowed) {
			return errPrivate
		}
		return nil
	}}
	return &Sender{&http.Client{
		Timeout: patience,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: patience,
			MaxIdleConns: 10, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 1 << 16, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send implements webhook.Sender. What goes wrong is said without the address,
// which may hold a secret of the other side.
func (s *Sender) Send(ctx context.Context, m webhook.Message) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Address, bytes.NewReader(m.Body))
	if err != nil {
		return 0, errors.New("the address cannot be used")
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Cairn", "webhook-id": m.ID, "webhook-timestamp": m.Timestamp, "webhook-signature": m.Signature,
	} {
		req.Header.Set(name, value)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return 0, plainly(err)
	}
	defer func() { _ = res.Body.Close() }() // what it says is not read
	_, _ = io.CopyN(io.Discard, res.Body, 1<<16)
	return res.StatusCode, nil
}

func plainly(err error) error {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(err, errPrivate):
		return errPrivate
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return fmt.Errorf("no answer within %d seconds", patience/time.Second)
	case errors.As(err, &dns):
		return errors.New("the name is not known")
	case errors.As(err, &op) && op.Op == "dial":
		return errors.New("nobody answers at the address")
	}
	return errors.New("the connection failed, or its certificate is not trusted")
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
