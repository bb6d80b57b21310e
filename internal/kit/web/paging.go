package web

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"cairn/internal/kit/errs"
)

// Cursor is the place where a keyset page begins: the sort key and id of the
// last row seen. Back asks for the page before.
type Cursor struct {
	Key  string `json:"k"`
	ID   string `json:"i"`
	Back bool   `json:"b,omitempty"`
}

// String is the cursor as it stands in an address.
func (c Cursor) String() string {
	b, _ := json.Marshal(c) // strings and a bool always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor reads a cursor from an address; nil for none.
func ParseCursor(s string) (*Cursor, error) {
	if s == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, errs.OnField("cursor", "This place in the list cannot be read. Begin at the first page.")
	}
	var c Cursor
	if err := json.Unmarshal(raw, &c); err != nil || strings.ContainsRune(c.Key+c.ID, 0) {
		return nil, errs.OnField("cursor", "This place in the list cannot be read. Begin at the first page.")
	}
	if strings.ContainsRune(c.Key+c.ID, 0) {
		return nil, errs.OnField("cursor", "This place in the list cannot be read. Begin at the first page.")
	}
	return &c, nil
}
