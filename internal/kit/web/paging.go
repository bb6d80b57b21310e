package web

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

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
	var c Cursor
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil || !isText(c.Key) || !isText(c.ID) {
		return nil, errs.OnField("after", "This place in the list cannot be read. Begin at the first page.")
	}
	return &c, nil
}

// isText reports whether both databases can keep a text.
func isText(s string) bool { return strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) }
