package apifuzz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// taste says how a value is made.
type taste int

const (
	sound  taste = iota // as the description asks
	edge                // at the limits of what it allows
	broken              // against it
)

// Marker is in every text that is made to be refused: no answer may hold it.
const Marker = "zqx-refused-zqx"

// maker makes values from schemas. What it has seen in answers it uses again, so
// that requests meet real things.
type maker struct {
	*rand.Rand
	schemas map[string]any
	seen    map[string][]string // ids and versions by the name of their property
}

func (m *maker) resolve(s map[string]any) map[string]any {
	for {
		ref, ok := s["$ref"].(string)
		if !ok {
			return s
		}
		s, _ = m.schemas[strings.TrimPrefix(ref, "#/components/schemas/")].(map[string]any)
	}
}

// pick chooses one of a list, nothing of an empty one.
func (m *maker) pick(list ...string) string {
	if len(list) == 0 {
		return ""
	}
	return list[m.IntN(len(list))]
}

// value makes a value of a schema; name is that of the property or parameter.
func (m *maker) value(s map[string]any, name string, t taste, depth int) any {
	s = m.resolve(s)
	if t == broken && m.IntN(4) == 0 {
		return m.wrong()
	}
	if list, ok := s["enum"].([]any); ok && (t != broken || m.IntN(2) == 0) {
		return list[m.IntN(len(list))]
	}
	switch kindOf(s) {
	case "object":
		return m.object(s, t, depth)
	case "array":
		return m.array(s, name, t, depth)
	case "integer":
		return m.integer(s, name, t)
	case "number":
		return m.Float64() * 1000
	case "boolean":
		return m.IntN(2) == 0
	}
	return m.text(s, name, t)
}

func kindOf(s map[string]any) string {
	switch k := s["type"].(type) {
	case string:
		return k
	case []any:
		for _, one := range k {
			if one != "null" {
				return fmt.Sprint(one)
			}
		}
	}
	return ""
}

func (m *maker) object(s map[string]any, t taste, depth int) any {
	out := map[string]any{}
	properties, _ := s["properties"].(map[string]any)
	required, _ := s["required"].([]any)
	for _, name := range sorted(properties) {
		one, _ := properties[name].(map[string]any)
		needed := slices.Contains(required, any(name))
		if ro, _ := one["readOnly"].(bool); ro && t != broken {
			continue
		}
		if needed && !(t == broken && m.IntN(6) == 0) || !needed && m.IntN(2) == 0 {
			out[name] = m.value(one, name, t, depth+1)
		}
	}
	if more, ok := s["additionalProperties"].(map[string]any); ok {
		for range m.IntN(4) {
			out[m.pick("name", "status", "budget", "currency", "baseline_end", "forecast_end", "parent", "rating", "no_such_field", "ключ")] = m.value(more, "value", t, depth+1)
		}
	}
	if t == broken && m.IntN(5) == 0 {
		out[m.pick("surplus", "", "a.b", "$schema", "\u0000")] = Marker
	}
	return out
}

func (m *maker) array(s map[string]any, name string, t taste, depth int) any {
	items, _ := s["items"].(map[string]any)
	least, most := intOf(s["minItems"], 0), min(intOf(s["maxItems"], 4), 4)
	n := least + m.IntN(max(most-least, 0)+1)
	if t == broken && m.IntN(3) == 0 {
		n = m.pick3(0, 1, intOf(s["maxItems"], 20)+1)
	}
	out := []any{}
	for range min(n, 600) {
		if depth > 6 {
			break
		}
		out = append(out, m.value(items, name, t, depth+1))
	}
	return out
}

func (m *maker) pick3(a, b, c int) int { return []int{a, b, c}[m.IntN(3)] }

func (m *maker) integer(s map[string]any, name string, t taste) any {
	least, most := intOf(s["minimum"], 0), intOf(s["maximum"], 1000)
	if name == "version" {
		return m.IntN(4)
	}
	switch t {
	case edge:
		return []any{least, most, 0, 9223372036854775807}[m.IntN(pick(s, 2, 4))]
	case broken:
		return []any{least - 1, most + 1, raw("9223372036854775808"), raw("1e400"), -0.5, raw("-9223372036854775809"), "1", nil}[m.IntN(8)]
	case sound:
	}
	return least + m.IntN(max(most-least, 0)+1)
}

// pick gives the first number if the schema has limits, else the second.
func pick(s map[string]any, limited, free int) int {
	if s["minimum"] != nil && s["maximum"] != nil {
		return limited
	}
	return free
}

// raw is a number as it stands in JSON, however large.
type raw string

// MarshalJSON implements json.Marshaler.
func (r raw) MarshalJSON() ([]byte, error) { return []byte(r), nil }

func (m *maker) text(s map[string]any, name string, t taste) any {
	least, most := intOf(s["minLength"], 0), intOf(s["maxLength"], 60)
	switch t {
	case edge:
		return m.pick(strings.Repeat("a", least), strings.Repeat("b", min(most, 30000)), strings.Repeat("é", min(most, 4000)), "", " ", "\u202e", "👩‍👩‍👧", "2026-02-29", "0000-00-00", "9999-12-31", "-1", "'; --", "%", "_", "null")
	case broken:
		return m.pick("\u0000", Marker+"\u0000", strings.Repeat("x", most+1), Marker, "\xff\xfe", "a\x80b", "../../etc", "2026-13-45", strings.Repeat("🤦", 70))
	case sound:
	}
	if known := m.seen[name]; len(known) > 0 && m.IntN(8) != 0 {
		return known[m.IntN(len(known))]
	}
	switch name {
	case "period":
		return m.pick("2026-02", "2026-01", "2025-12")
	case "as_at", "known_at", "from", "to", "since", "left_on":
		return m.pick("2026-01-01", "2025-06-30", "2026-03-16", "")
	case "email":
		return fmt.Sprintf("p%d@example.org", m.IntN(1000))
	case "overall", "schedule", "cost":
		return m.pick("green", "amber", "red")
	case "value":
		return m.pick("2026-04-01", "100000", "Live", "GBP", "green", "A name", "")
	case "url":
		return "https://hooks.example.org/cairn"
	}
	long := fmt.Sprintf("word %d ", m.IntN(1000)) + strings.Repeat("word ", least/5+1)
	return strings.TrimSpace(long[:min(len(long), max(min(most, 8), least))])
}

func (m *maker) wrong() any {
	return []any{nil, true, 7, -1.5, "text", []any{}, map[string]any{}, []any{map[string]any{"a": nil}}, raw("1e999")}[m.IntN(9)]
}

func intOf(v any, otherwise int) int {
	switch n := v.(type) {
	case int:
		return n
	case uint64:
		return int(n)
	case int64:
		return int(n)
	case float64:
		return int(n)
	}
	return otherwise
}

func sorted(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
