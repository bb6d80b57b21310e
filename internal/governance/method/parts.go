package method

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// part is a piece of a method as Diff compares it: statements by their words.
type part struct {
	kind, id, of, name string
	within             string // key of the part that it belongs to
	says               map[string]string
	order              []string
}

func (p *part) key() string { return p.kind + " " + p.of + " " + p.id }

// partKinds are the kinds of parts in the order in which changes are listed.
var partKinds = []string{
	"method", "dial", "question", "answer", "floor", "ceiling", "role", "phase", "gate", "criterion", "decision",
	"conditions", "authority", "quorum", "cadence", "document", "group", "event", "control", "load", "review",
}

// parts takes a method apart.
func (m *Method) parts() []part {
	out := []part{partOf("method", "", "", m.Name, struct {
		ID    string   `yaml:"id"`
		Name  string   `yaml:"name"`
		Lang  string   `yaml:"language"`
		About string   `yaml:"about"`
		Use   Use      `yaml:"use"`
		Rules []string `yaml:"authority_rules"`
	}{m.ID, m.Name, m.Language, m.About, m.Use, m.AuthorityRules})}
	if m.Dial != nil {
		out = append(out, m.Dial.parts()...)
	}
	for _, r := range m.Roles {
		out = append(out, partOf("role", r.ID, "", r.Name, r))
	}
	for _, p := range m.Phases {
		out = append(out, partOf("phase", p.ID, "", p.Name, p))
	}
	for _, g := range m.Gates {
		gate := partOf("gate", g.ID, "", g.Name, g, "criteria")
		out = append(out, gate)
		for _, c := range g.Criteria {
			out = append(out, within(&gate, partOf("criterion", c.ID, g.ID, c.Text, c)))
		}
	}
	for _, d := range m.Decisions {
		out = append(out, partOf("decision", d.ID, "", d.Label, d))
	}
	out = append(out, partOf("conditions", "", "", "Conditions", m.Conditions))
	out = append(out, m.ladders()...)
	out = append(out, partOf("quorum", "", "", "Quorum", m.Quorum), partOf("cadence", "", "", "Rhythm", m.Cadence))
	for _, d := range m.Documents {
		out = append(out, partOf("document", d.ID, "", d.Name, d))
	}
	for _, g := range m.Groups {
		out = append(out, partOf("group", g.ID, "", g.Name, g))
	}
	for _, e := range m.Events {
		out = append(out, partOf("event", e.Name, "", e.Means, e))
	}
	for _, c := range m.Controls {
		out = append(out, partOf("control", c.ID, "", c.Name, c))
	}
	return append(out, partOf("load", "", "", "Budget of time", m.Load), partOf("review", "", "", "Keep, change or retire", m.Review))
}

func (d *Dial) parts() []part {
	dial := partOf("dial", "", "", "Dial", *d, "questions", "floors", "ceilings")
	out := []part{dial}
	for _, q := range d.Questions {
		question := within(&dial, partOf("question", q.ID, "", q.Ask, q, "answers"))
		out = append(out, question)
		for _, a := range q.Answers {
			out = append(out, within(&question, partOf("answer", a.ID, q.ID, a.Label, a)))
		}
	}
	for _, f := range d.Floors {
		out = append(out, within(&dial, partOf("floor", f.ID, "", f.Because, f)))
	}
	for _, c := range d.Ceilings {
		out = append(out, within(&dial, partOf("ceiling", c.ID, "", c.Because, c)))
	}
	return out
}

// ladders numbers the rows of each decision and tier, so that a limit that moves is
// a change of its row.
func (m *Method) ladders() []part {
	var out []part
	rows := map[string]int{}
	for _, a := range m.Authority {
		ladder := a.Decision + ", " + a.Tier.String()
		rows[ladder]++
		out = append(out, partOf("authority", ladder+", "+strconv.Itoa(rows[ladder]), "", ladder, a))
	}
	return out
}

func partOf(kind, id, of, name string, v any, without ...string) part {
	p := part{kind: kind, id: id, of: of, name: name, says: map[string]string{}}
	left := map[string]bool{"id": kind != "method"}
	for _, w := range without {
		left[w] = true
	}
	p.structure(reflect.ValueOf(v), "", left)
	return p
}

// within says of which part another one is, which is not listed when the whole is new.
func within(whole *part, p part) part {
	p.within = whole.key()
	return p
}

func (p *part) say(what, text string) {
	if text == "" {
		return
	}
	p.says[what] = text
	p.order = append(p.order, what)
}

// structure flattens the fields of a struct into statements.
func (p *part) structure(v reflect.Value, before string, left map[string]bool) {
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("yaml")
		if key == "" || left[key] {
			continue
		}
		p.value(v.Field(i), strings.TrimPrefix(before+", "+strings.ReplaceAll(key, "_", " "), ", "))
	}
}

func (p *part) value(v reflect.Value, what string) {
	switch {
	case strings.HasPrefix(v.Type().Name(), "PerTier["):
		for i, t := range Tiers() {
			p.say(what+", "+t.String(), text(v.Field(i)))
		}
	case v.Kind() == reflect.Struct && !hasText(v):
		p.structure(v, what, nil)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct && !hasText(reflect.Zero(v.Type().Elem())):
		for i := range v.Len() {
			p.say(what+" "+strconv.Itoa(i+1), text(v.Index(i)))
		}
	default:
		p.say(what, text(v))
	}
}

// hasText tells what is one statement in a file from what has statements of its own.
func hasText(v reflect.Value) bool {
	switch v.Interface().(type) {
	case Expr, Form, Share, Range:
		return true
	default:
		return false
	}
}

// text writes a value as a person would; what is not given is nothing.
func text(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case Expr:
		return x.Text
	case Form:
		return strings.TrimSpace(string(x.Kind) + " " + x.At)
	case Share:
		return x.String()
	case Range:
		return x.String()
	case Tier:
		return x.String()
	case *int64:
		if x == nil {
			return "any amount"
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return text(v.Elem())
	case reflect.Slice:
		var words []string
		for i := range v.Len() {
			words = append(words, text(v.Index(i)))
		}
		return strings.Join(words, "; ")
	case reflect.Struct:
		inner := part{says: map[string]string{}}
		inner.structure(v, "", nil)
		var words []string
		for _, what := range inner.order {
			words = append(words, what+" "+inner.says[what])
		}
		return strings.Join(words, ", ")
	default:
		if v.IsZero() {
			return ""
		}
		return fmt.Sprint(v.Interface())
	}
}

// cutTier takes the tier from the end of "minutes, S".
func cutTier(what string, t Tier) (string, bool) { return strings.CutSuffix(what, ", "+t.String()) }
