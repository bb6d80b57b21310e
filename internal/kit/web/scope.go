package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// Scope is what a token is good for: "read", or a noun and "write". A token
// never does more than its person may, whatever its scopes.
type Scope string

// Read is the scope of reading what belongs to the office; what belongs to the
// person alone has a scope of its own.
const Read Scope = "read"

// Token is an API token as far as requests are concerned.
type Token struct {
	Actor  authz.Actor
	Scopes []Scope
}

func usualScope(method, tag string) Scope {
	if method == http.MethodGet {
		return Read
	}
	return Scope(tag + ":write")
}

// ScopesOf lists the scopes that operations need, reading first.
func ScopesOf(ops []Operation) []Scope {
	out := []Scope{}
	for _, op := range ops {
		if !slices.Contains(out, op.Scope) {
			out = append(out, op.Scope)
		}
	}
	slices.SortFunc(out, func(a, b Scope) int {
		switch {
		case a == b:
			return 0
		case a == Read, b != Read && a < b:
			return -1
		}
		return 1
	})
	return out
}

// Scopes lists what a token can be made for on this server.
func (r *Req) Scopes() []Scope { return ScopesOf(r.server.ops) }

// waitOf is the Retry-After of an error, in whole seconds; empty for none.
func waitOf(err error) string {
	d := errs.WaitOf(err)
	if d <= 0 {
		return ""
	}
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}
