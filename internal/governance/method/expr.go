package method

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// Expr is a rule in CEL, compiled when the method was read. The zero value is no rule.
type Expr struct {
	Text string
	rule *rule
}

// Given says whether there is a rule.
func (e Expr) Given() bool { return e.Text != "" }

// Limits of a rule: its length, its nesting, and what one evaluation may cost.
const (
	maxRule    = 1000
	maxNesting = 32
	maxCost    = 20_000
)

// rule is a compiled expression with the names that it asks for. A method has few
// different rules and many evaluations, so programs are made once.
type rule struct {
	program cel.Program
	names   []string // sorted; without tier and fresh
	fresh   bool     // it compares with the control's days of freshness
	table   *table   // of a rule over tier and involves.*
}

// values are what a rule is evaluated with; names that are in none of them are absent.
type values struct {
	facts       Facts
	ask         Ask
	tier, fresh int64
}

// ResolveName implements cel.Activation.
func (v *values) ResolveName(name string) (any, bool) {
	if got, ok := v.facts[name]; ok {
		return got, true
	}
	switch name {
	case "tier":
		return v.tier, true
	case "fresh":
		return v.fresh, true
	}
	if v.ask != nil {
		return v.ask(name)
	}
	return nil, false
}

// Parent implements cel.Activation.
func (*values) Parent() cel.Activation { return nil }

// truth evaluates the rule. What cannot be evaluated, since a fact is absent, of
// another type, or divides by zero, is undecided; so is no rule.
func (r *rule) truth(v *values) Truth {
	if r == nil {
		return Undecided
	}
	out, _, err := r.program.Eval(v)
	if err != nil {
		return Undecided
	}
	switch out {
	case types.True:
		return Yes
	case types.False:
		return No
	default:
		return Undecided
	}
}

// absent lists the names that the rule asks for and the facts do not hold.
func (r *rule) absent(f Facts) []string {
	var out []string
	for _, n := range r.names {
		if _, ok := f[n]; !ok {
			out = append(out, n)
		}
	}
	return out
}

// constants are the tiers, which rules may compare.
func constants() []cel.EnvOption {
	out := []cel.EnvOption{
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(maxRule),
		cel.ParserRecursionLimit(maxNesting),
	}
	for _, t := range Tiers() {
		out = append(out, cel.Constant(t.String(), cel.IntType, types.Int(t)))
	}
	return out
}

// compile checks a rule in an environment; the error is for who wrote it.
func compile(env *cel.Env, text string) (*rule, int, error) {
	if len(text) > maxRule {
		return nil, 0, fmt.Errorf("a rule has at most %d characters", maxRule)
	}
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, first.Location.Column(), fmt.Errorf("the rule cannot be read: %s", plain(first.Message))
	}
	if ast.OutputType() != cel.BoolType {
		return nil, 0, fmt.Errorf("the rule gives %s; it has to give true or false", ast.OutputType())
	}
	program, err := env.Program(ast, cel.CostLimit(maxCost))
	if err != nil {
		return nil, 0, fmt.Errorf("the rule cannot be read: %s", plain(err.Error()))
	}
	r := &rule{program: program}
	for _, ref := range ast.NativeRep().ReferenceMap() {
		r.fresh = r.fresh || ref.Name == "fresh"
		if ref.Name != "" && ref.Value == nil && ref.Name != "tier" && ref.Name != "fresh" && !slices.Contains(r.names, ref.Name) {
			r.names = append(r.names, ref.Name)
		}
	}
	slices.Sort(r.names)
	return r, 0, nil
}

// plain takes what only programmers read out of a message of the library.
func plain(message string) string {
	message, _, _ = strings.Cut(message, "\n")
	message = strings.ReplaceAll(message, " (in container '')", "")
	return strings.ReplaceAll(message, "undeclared reference to", "there is no")
}
