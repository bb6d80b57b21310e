package identityweb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cairn/internal/kit/web"
)

// part is one kind of data in the copy that people read: a table, or one value.
type part struct {
	Name    string
	Columns []string
	Rows    [][]string
	Value   string
}

// ownReadable gives the same copy as data.json as a page to read, print and keep: it
// needs nothing from anywhere.
func (w *Web) ownReadable(r *web.Req) error {
	data, err := w.people.OwnData(r.Context(), r.Who())
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := readablePage(r.Session.Name, readable(data)).Render(r.Context(), &page); err != nil {
		return err
	}
	return r.File("text/html; charset=utf-8", "my-data.html", page.Bytes())
}

// readable turns the copy into parts by name; what there is none of is left out.
func readable(data map[string]any) (out []part) {
	for _, name := range slices.Sorted(maps.Keys(data)) {
		p := part{Name: inWords(name)}
		switch x := data[name].(type) {
		case []map[string]any:
			columns := map[string]bool{}
			for _, row := range x {
				for c, v := range row {
					if shownAs(c, v) != "" {
						columns[c] = true
					}
				}
			}
			ordered := slices.Sorted(maps.Keys(columns))
			for _, c := range ordered {
				p.Columns = append(p.Columns, inWords(c))
			}
			for _, row := range x {
				var cells []string
				for _, c := range ordered {
					cells = append(cells, shownAs(c, row[c]))
				}
				p.Rows = append(p.Rows, cells)
			}
		default:
			p.Value = shownAs(name, x)
		}
		if len(p.Rows) > 0 || p.Value != "" {
			out = append(out, p)
		}
	}
	return out
}

func inWords(name string) string {
	s := strings.ReplaceAll(name, "_", " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// shownAs gives a value in words; moments are stored in microseconds.
func shownAs(name string, v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case []byte:
		return string(x)
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case int64:
		if strings.HasSuffix(name, "_at") || name == "at" || name == "since" {
			if x == 0 {
				return ""
			}
			return time.UnixMicro(x).UTC().Format("2 January 2006, 15:04 UTC")
		}
		return strconv.FormatInt(x, 10)
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Sprint(v)
	}
	if s := string(text); s != "null" && s != "[]" && s != "{}" {
		return s
	}
	return ""
}
