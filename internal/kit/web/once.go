package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// Answer is what an operation answered to a request that carried an
// Idempotency-Key.
type Answer struct {
	Status            int // 0: the change was made, its answer was lost
	MediaType, ETag   string
	Body              []byte
	RequestUnlikeThis bool // the key was used for another request
}

// Answers keeps answers for a day. The key is committed with the change that it
// belongs to, so that no crash lets one request be done twice.
type Answers interface {
	// Earlier finds the answer to an earlier request of the person; nil for none.
	Earlier(ctx context.Context, who authz.Actor, key string, request []byte) (*Answer, error)
	// Once gives a context in which a unit of work commits the key.
	Once(ctx context.Context, who authz.Actor, key string, request []byte) context.Context
	// Keep writes the answer beside the key.
	Keep(ctx context.Context, who authz.Actor, key string, a Answer) error
}

// longestKey bounds an Idempotency-Key, in bytes.
const longestKey = 200

func idempotencyParam() *huma.Param {
	most := longestKey
	return &huma.Param{
		Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &most},
		Description: "Of your choice, one per change. The same key with the same request within 24 hours gives the first answer again and changes nothing.",
	}
}

// once answers a repeated request from what was kept, and keeps the answer of a
// first one.
func (s *Server) once(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		key := ctx.Header("Idempotency-Key")
		if key == "" || ctx.Method() != http.MethodPost {
			next(ctx)
			return
		}
		c, _ := ctx.Context().Value(callKey{}).(call) // the middleware before always sets it
		body, request, err := s.readOnce(ctx, key)
		if err != nil {
			refuse(api, ctx, err)
			return
		}
		earlier, err := s.cfg.Answers.Earlier(ctx.Context(), c.who, key, request)
		if err == nil && earlier != nil {
			err = replay(ctx, *earlier)
		}
		if err != nil || earlier != nil {
			if err != nil {
				refuse(api, ctx, err)
			}
			return
		}
		w := &kept{onceContext: ctx, ctx: s.cfg.Answers.Once(ctx.Context(), c.who, key, request), body: bytes.NewReader(body)}
		next(w)
		if w.Status() >= 200 && w.Status() < 300 {
			if err := s.cfg.Answers.Keep(ctx.Context(), c.who, key, Answer{Status: w.Status(), MediaType: w.mediaType, ETag: w.etag, Body: w.said.Bytes()}); err != nil {
				s.cfg.Log.Error("an answer was not kept", "error", err.Error())
			}
		}
	}
}

// readOnce reads the whole request, to tell it from others.
func (s *Server) readOnce(ctx huma.Context, key string) (body, request []byte, err error) {
	if s.cfg.Answers == nil || len(key) > longestKey || strings.ContainsFunc(key, func(r rune) bool { return r < 0x20 || r > 0x7e }) {
		return nil, nil, errs.OnField("header.Idempotency-Key", "Use at most %d printable ASCII characters.", longestKey)
	}
	if body, err = io.ReadAll(io.LimitReader(ctx.BodyReader(), ctx.Operation().MaxBodyBytes+1)); err != nil {
		return nil, nil, errs.Because(errs.Invalid, err, "The request could not be read.")
	}
	u := ctx.URL()
	sum := sha256.New()
	sum.Write([]byte(ctx.Method() + " " + u.RequestURI() + "\n"))
	sum.Write(body)
	return body, sum.Sum(nil), nil
}

func replay(ctx huma.Context, a Answer) error {
	switch {
	case a.RequestUnlikeThis:
		return errs.OnField("header.Idempotency-Key", "This key belongs to another request. Use a new one.")
	case a.Status == 0:
		return errs.New(errs.Duplicate, "This was done before, and its answer is not at hand. Read the result.")
	}
	for name, value := range map[string]string{"Content-Type": a.MediaType, "ETag": a.ETag, "Idempotency-Replayed": "true"} {
		if value != "" {
			ctx.SetHeader(name, value)
		}
	}
	ctx.SetStatus(a.Status)
	_, err := ctx.BodyWriter().Write(a.Body)
	return ignoreGone(err)
}

type onceContext huma.Context

// kept is a request whose answer is remembered while it is written.
type kept struct {
	onceContext
	ctx             context.Context
	body            io.Reader
	said            bytes.Buffer
	mediaType, etag string
}

// Context implements huma.Context.
func (k *kept) Context() context.Context { return k.ctx }

// BodyReader implements huma.Context.
func (k *kept) BodyReader() io.Reader { return k.body }

// Unwrap lets huma reach the request.
func (k *kept) Unwrap() huma.Context { return k.onceContext }

// SetHeader implements huma.Context.
func (k *kept) SetHeader(name, value string) {
	switch http.CanonicalHeaderKey(name) {
	case "Content-Type":
		k.mediaType = value
	case "Etag":
		k.etag = value
	}
	k.onceContext.SetHeader(name, value)
}

// BodyWriter implements huma.Context.
func (k *kept) BodyWriter() io.Writer { return io.MultiWriter(k.onceContext.BodyWriter(), &k.said) }
