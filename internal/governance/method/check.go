package method

import (
	"fmt"
	"slices"
	"strings"
)

// need refuses an empty value.
func (d *decoder) need(path, value string) {
	if strings.TrimSpace(value) == "" {
		d.at(path, "is missing")
	}
}

// one refuses a word that is not of the list.
func (d *decoder) one(path, value string, of ...string) {
	if !slices.Contains(of, value) {
		d.at(path, "%q is not known; use %s", value, inList(of))
	}
}

func inList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// ref refuses an id that names nothing.
func (d *decoder) ref(path, what, id string, known []string) {
	if !slices.Contains(known, id) {
		d.at(path, "there is no %s %q%s", what, id, maybe(id, known))
	}
}

func (d *decoder) refs(path, what string, ids, known []string) {
	for i, id := range ids {
		d.ref(nth(path, i), what, id, known)
	}
}

func (d *decoder) notNegative(path string, numbers ...int) {
	for _, n := range numbers {
		if n < 0 {
			d.at(path, "a number here is not below 0")
		}
	}
}

// idsOf lists the ids of a list.
func idsOf[T any](list []T, idOf func(*T) string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = idOf(&list[i])
	}
	return out
}

// known are the ids that parts of a method may refer to.
type known struct {
	roles, phases, gates, documents, groups, events, controls, decisions, facts []string
}

func knownOf(m *Method) *known {
	return &known{
		roles:     idsOf(m.Roles, func(r *Role) string { return r.ID }),
		phases:    idsOf(m.Phases, func(p *Phase) string { return p.ID }),
		gates:     idsOf(m.Gates, func(g *Gate) string { return g.ID }),
		documents: idsOf(m.Documents, func(d *Document) string { return d.ID }),
		groups:    idsOf(m.Groups, func(g *Group) string { return g.ID }),
		events:    idsOf(m.Events, func(e *EventKind) string { return e.Name }),
		controls:  idsOf(m.Controls, func(c *Control) string { return c.ID }),
		decisions: idsOf(m.Decisions, func(d *Decision) string { return d.ID }),
		facts:     idsOf(m.index.facts, func(f *Fact) string { return f.Name }),
	}
}

// checkNames looks at what rules are compiled with: ids, and names of facts.
func (d *decoder) checkNames(m *Method) {
	k := knownOf(m)
	d.need("name", m.Name)
	d.id("id", m.ID)
	if m.Version < 1 {
		d.at("version", "versions are counted from 1")
	}
	d.language("language", m.Language)
	for path, ids := range map[string][]string{
		"roles": k.roles, "phases": k.phases, "gates": k.gates, "documents": k.documents, "groups": k.groups,
		"controls": k.controls, "decisions": k.decisions,
	} {
		for _, id := range ids {
			d.id(path+"/"+id, id)
		}
	}
	for _, e := range k.events {
		if !isName(e) {
			d.at("events/"+e, "an event has a name such as gate.passed")
		}
	}
	if m.Dial != nil {
		d.checkDialNames(m)
	}
}

// id refuses what is no id: small letters, digits and - , at most 60.
func (d *decoder) id(path, id string) {
	if id == "" || len(id) > 60 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		d.at(path, "needs an id of small letters, digits and -")
	}
}

// language refuses what is no language tag; what it means is for who shows it.
func (d *decoder) language(path, tag string) {
	if len(tag) < 2 || len(tag) > 35 || strings.Trim(strings.ToLower(tag), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		d.at(path, `a language is written as "en" or "de-CH"`)
	}
}

// checkDialNames sees to it that answers can be asked for in rules.
func (d *decoder) checkDialNames(m *Method) {
	for i := range m.Dial.Questions {
		q := &m.Dial.Questions[i]
		at := "dial/questions/" + q.ID
		if !isName(q.ID) || strings.Contains(q.ID, ".") || q.ID == "age_days" {
			d.at(at, "a question needs an id of small letters, digits and _, since rules call it dial.<id>")
		}
		for j := range q.Answers {
			a := &q.Answers[j]
			d.id(at+"/answers/"+a.ID, a.ID)
			for k, set := range a.Sets {
				d.sets(nth(at+"/answers/"+a.ID+"/sets", k), set)
			}
		}
	}
	for i := range m.Dial.FromRegister {
		d.sets(nth("dial/from_register", i)+"/sets", m.Dial.FromRegister[i].Sets)
	}
	if len(m.index.involves) > maxNames {
		d.at("dial", "a project may involve at most %d different things, and here are %d", maxNames, len(m.index.involves))
	}
}

func (d *decoder) sets(path, name string) {
	short, ok := strings.CutPrefix(name, involves)
	if !ok || !isName(short) || strings.Contains(short, ".") {
		d.at(path, "what an answer sets is written as involves.<name>, in small letters, digits and _")
	}
}

// atColumn adds a problem inside a rule.
func (d *decoder) atColumn(path string, column int, message string) {
	at := d.places[path]
	d.addAt(place{at.line, at.column + column}, path, "%s", message)
}

// namesNear proposes the fact that was perhaps meant.
func namesNear(message string, facts []Fact, s scope) string {
	_, rest, ok := strings.Cut(message, "there is no '")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "'")
	var seen []string
	for _, f := range facts {
		if s.sees(f.Name) {
			seen = append(seen, f.Name)
		}
	}
	if hint := maybe(name, seen); hint != "" {
		return hint
	}
	if slices.ContainsFunc(facts, func(f Fact) bool { return f.Name == name || strings.HasPrefix(f.Name, name+".") }) {
		return "; " + s.words()
	}
	return ""
}

// words says what a rule of the scope may ask for.
func (s scope) words() string {
	switch s {
	case ofProject:
		return "a rule here may ask for tier and involves.*"
	case ofDial:
		return "a rule here may ask for dial.* and project.kind, project.hands_over"
	case ofChoice:
		return "a rule here may ask for tier, dial.* and project.kind, project.hands_over"
	case ofRegister:
		return "a rule here may ask for project.kind and project.hands_over"
	case ofGate:
		return "a rule here may ask for condition.* and criteria.*"
	case ofReview:
		return "a rule here may ask for control.*"
	default:
		return "a rule here may ask for tier and facts of the record"
	}
}

// check looks at what no part can see by itself.
func (d *decoder) check(m *Method) {
	k := knownOf(m)
	d.checkLife(m, k)
	d.checkGates(m, k)
	d.checkDecisions(m, k)
	d.checkDocuments(m, k)
	d.checkControls(m, k)
	d.checkRhythm(m)
	if m.Dial != nil {
		d.checkDial(m, k)
	}
	if len(d.problems) == 0 {
		d.checkSizes(m)
	}
}

// checkSizes compares the numbers of controls with those that were promised.
func (d *decoder) checkSizes(m *Method) {
	if m.ExpectedRange == (PerTier[Range]{}) {
		return
	}
	sizes, err := m.Sizes()
	if err != nil {
		d.at("expected_range", "%s", err)
		return
	}
	for _, t := range Tiers() {
		want, got := m.ExpectedRange.At(t), sizes.At(t)
		if want != (Range{}) && got != (Range{}) && (got.From < want.From || got.To > want.To) {
			d.at(fmt.Sprintf("expected_range/%s", t), "projects of tier %s meet %s controls, not %s", t, got, want)
		}
	}
}
