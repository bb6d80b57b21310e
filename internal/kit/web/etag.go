package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"cairn/internal/kit/errs"
)

// ETag is a version as a strong entity tag (RFC 9110).
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

func parseETag(s string) (int64, error) {
	n, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(s, "W/"), `"`), 10, 64)
	if err != nil || n < 0 {
		return 0, errs.Because(errs.Conflict, err, "If-Match names no version of this. Read it again.")
	}
	return n, nil
}

// problemDocument is RFC 9457 for answers outside the described API.
type problemDocument struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail"`
	Errors []errs.Field `json:"errors,omitempty"`
}

func writeProblem(w http.ResponseWriter, err error) {
	kind := errs.KindOf(err)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(StatusOf(kind))
	doc := problemDocument{Type: "about:blank", Title: titles[kind], Status: StatusOf(kind), Detail: MessageOf(err), Errors: errs.FieldsOf(err)}
	_ = json.NewEncoder(w).Encode(doc) // the answer has begun; there is nobody to tell
}
