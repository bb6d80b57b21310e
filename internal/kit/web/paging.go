package web

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"cairn/internal/kit/errs"
)

// Cursor is the place where a keyset page begins: the sort key and id of the
// last row seen, and which list that is. Back asks for the page before.
type Cursor struct {
	List string `json:"l"` // with the order, where one list has several
	Key  string `json:"k"`
	ID   string `json:"i"`
	Back bool   `json:"b,omitempty"`
}

// String is the cursor as it stands in an address.
func (c Cursor) String() string {
	b, _ := json.Marshal(c) // strings and a bool always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor reads a cursor of a list from an address; nil for none. A place in
// another list is none in this: it would begin anywhere.
func ParseCursor(list, s string) (*Cursor, error) {
	if s == "" {
		return nil, nil
	}
	var c Cursor
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil || c.List != list || c.ID == "" || !isText(c.Key) || !isText(c.ID) {
		return nil, noPlace("after")
	}
	return &c, nil
}

// ParsePlace reads the place in a list that is the id of the last row seen, from
// the field of an address that is named; empty for none.
func ParsePlace(field, s string) (string, error) {
	if s != "" && (len(s) != 36 || uuid.Validate(s) != nil) {
		return "", noPlace(field)
	}
	return s, nil
}

func noPlace(field string) error {
	return errs.OnField(field, "This place in the list cannot be read. Begin at the first page.")
}

// isText reports whether both databases can keep a text.
func isText(s string) bool { return strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) }
