package method

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v3"
)

//go:embed content/facts.yaml
var factsFile []byte

// Fact is an entry of the vocabulary that rules may ask for.
type Fact struct {
	Name  string `yaml:"name"`
	Type  string `yaml:"type"` // bool, int, double, string, list
	Unit  string `yaml:"unit"`
	From  string `yaml:"from"` // which part of Cairn feeds it
	Means string `yaml:"means"`
}

var vocabulary = sync.OnceValue(func() []Fact {
	var file struct {
		Facts []Fact `yaml:"facts"`
	}
	if err := yaml.Unmarshal(factsFile, &file); err != nil {
		panic("method: content/facts.yaml: " + err.Error()) // a test reads it
	}
	return file.Facts
})

// Vocabulary lists the facts in the order of the file.
func Vocabulary() []Fact { return slices.Clone(vocabulary()) }

// celTypes are the types of facts.
var celTypes = map[string]*cel.Type{
	"bool": cel.BoolType, "int": cel.IntType, "double": cel.DoubleType,
	"string": cel.StringType, "list": cel.ListType(cel.StringType),
}

// scope is what a rule may ask for, which depends on where it stands.
type scope int

const (
	ofProject  scope = iota // tier and involves.*: what is asked of a project
	ofDial                  // dial.* and the register: floors and ceilings
	ofChoice                // the same and tier
	ofRegister              // the register alone
	ofRecord                // tier and all facts
	ofEvidence              // the same and fresh
	ofGate                  // condition.* and criteria.*
	ofReview                // control.*
	scopes
)

// sees says whether a fact may be asked for in a scope.
func (s scope) sees(fact string) bool {
	register := fact == "project.kind" || fact == "project.hands_over"
	begins := func(p string) bool { return strings.HasPrefix(fact, p) }
	switch s {
	case ofProject:
		return begins(involves)
	case ofDial, ofChoice:
		return register || begins(answered)
	case ofRegister:
		return register
	case ofRecord, ofEvidence:
		return !begins("control.") && !begins("criteria.")
	case ofGate:
		return begins("condition.") || begins("criteria.")
	default:
		return begins("control.")
	}
}

const (
	involves = "involves."
	answered = "dial."
)

// environments compile the rules of one method.
type environments struct{ envs [scopes]*cel.Env }

var baseEnv = sync.OnceValues(func() (*cel.Env, error) { return cel.NewEnv(constants()...) })

// environmentsOf declares the vocabulary and what the method's own dial adds to it.
func environmentsOf(m *Method) (*environments, error) {
	base, err := baseEnv()
	if err != nil {
		return nil, err
	}
	facts := factsOf(m)
	out := &environments{}
	for s := range scopes {
		var declared []cel.EnvOption
		for _, f := range facts {
			if s.sees(f.Name) {
				declared = append(declared, cel.Variable(f.Name, celTypes[f.Type]))
			}
		}
		if s == ofProject || s == ofChoice || s == ofRecord || s == ofEvidence {
			declared = append(declared, cel.Variable("tier", cel.IntType))
		}
		if s == ofEvidence {
			declared = append(declared, cel.Variable("fresh", cel.IntType))
		}
		if out.envs[s], err = base.Extend(declared...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// factsOf is the vocabulary with the questions of the method's dial and what they
// set, which replace those that come with Cairn.
func factsOf(m *Method) []Fact {
	all := vocabulary()
	if m.Dial == nil {
		return all
	}
	own := map[string]Fact{}
	for _, q := range m.Dial.Questions {
		kind := "string"
		if q.Many() {
			kind = "list"
		}
		own[answered+q.ID] = Fact{Name: answered + q.ID, Type: kind, Unit: "answer id", From: "dial", Means: q.Ask}
		for _, a := range q.Answers {
			for _, set := range a.Sets {
				own[set] = Fact{Name: set, Type: "bool", Unit: "yes/no", From: "dial", Means: a.Label}
			}
		}
	}
	for _, r := range m.Dial.FromRegister {
		own[r.Sets] = Fact{Name: r.Sets, Type: "bool", Unit: "yes/no", From: "register", Means: r.Sets}
	}
	var out []Fact
	for _, f := range all {
		mine, ok := own[f.Name]
		switch {
		case ok && strings.HasPrefix(f.Name, involves):
			out = append(out, f) // the words of the vocabulary are better than one answer's
		case ok:
			out = append(out, mine)
		case f.Name == "dial.age_days" || !strings.HasPrefix(f.Name, answered) && !strings.HasPrefix(f.Name, involves):
			out = append(out, f)
		}
		delete(own, f.Name)
	}
	names := make([]string, 0, len(own))
	for name := range own {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if isName(name) {
			out = append(out, own[name])
		}
	}
	return out
}

// isName tells what a rule can call by its name: small letters, digits and _ in
// parts that are joined by dots.
func isName(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || part[0] < 'a' || part[0] > 'z' || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return false
		}
	}
	return len(s) <= 80
}
