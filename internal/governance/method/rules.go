package method

import (
	"strconv"
)

// placed is a rule with the place where it stands and what it may ask for.
type placed struct {
	path  string
	expr  *Expr
	scope scope
}

// rules lists every rule of a method.
func (m *Method) rules() []placed {
	out := []placed{{"use/when", &m.Use.When, ofChoice}}
	add := func(path string, e *Expr, s scope) { out = append(out, placed{path, e, s}) }
	for i := range m.Use.LeaveWhen {
		add(nth("use/leave_when", i)+"/when", &m.Use.LeaveWhen[i].When, ofRecord)
	}
	if m.Dial != nil {
		out = append(out, m.Dial.rules()...)
	}
	for i := range m.Gates {
		out = append(out, m.Gates[i].rules()...)
	}
	for i := range m.Decisions {
		add("decisions/"+m.Decisions[i].ID+"/allowed_when", &m.Decisions[i].AllowedWhen, ofGate)
	}
	for i := range m.Documents {
		add("documents/"+m.Documents[i].ID+"/when", &m.Documents[i].When, ofProject)
	}
	for i := range m.Controls {
		c := &m.Controls[i]
		add("controls/"+c.ID+"/when", &c.When, ofProject)
		for j := range c.Accepts {
			at := nth("controls/"+c.ID+"/accepts", j)
			add(at+"/when", &c.Accepts[j].When, ofEvidence)
			for k := range c.Accepts[j].All {
				add(nth(at+"/all", k)+"/when", &c.Accepts[j].All[k].When, ofEvidence)
			}
		}
	}
	add("keep_change_retire/enough_answers", &m.Review.EnoughAnswers, ofReview)
	add("keep_change_retire/propose_retire", &m.Review.ProposeRetire, ofReview)
	add("keep_change_retire/propose_change", &m.Review.ProposeChange, ofReview)
	return out
}

func (d *Dial) rules() []placed {
	var out []placed
	add := func(path string, e *Expr, s scope) { out = append(out, placed{path, e, s}) }
	for i := range d.FromRegister {
		add(nth("dial/from_register", i)+"/when", &d.FromRegister[i].When, ofRegister)
	}
	for i := range d.Floors {
		add("dial/floors/"+d.Floors[i].ID+"/when", &d.Floors[i].When, ofDial)
	}
	for i := range d.Ceilings {
		add("dial/ceilings/"+d.Ceilings[i].ID+"/when", &d.Ceilings[i].When, ofDial)
	}
	for i := range d.MethodChoice {
		add(nth("dial/method_choice", i)+"/when", &d.MethodChoice[i].When, ofChoice)
	}
	for i := range d.AskedAgain {
		add(nth("dial/asked_again", i)+"/when", &d.AskedAgain[i].When, ofRecord)
	}
	return out
}

func (g *Gate) rules() []placed {
	var out []placed
	for i := range g.Criteria {
		c := &g.Criteria[i]
		at := "gates/" + g.ID + "/criteria/" + c.ID
		out = append(out, placed{at + "/when", &c.When, ofProject}, placed{at + "/must_when", &c.MustWhen, ofProject})
		for j := range c.Record {
			out = append(out, placed{nth(at+"/record", j), &c.Record[j], ofRecord})
		}
	}
	return out
}

// nth is the path of an entry that has no id.
func nth(path string, i int) string { return path + "/" + strconv.Itoa(i+1) }

// compileAll compiles every rule; the same words in the same scope once.
func (m *Method) compileAll(d *decoder) {
	envs, err := environmentsOf(m)
	if err != nil {
		d.at("dial", "the questions cannot be used in rules: %s", plain(err.Error()))
		return
	}
	type key struct {
		scope scope
		text  string
	}
	known := map[key]*rule{}
	for _, p := range m.rules() {
		if !p.expr.Given() {
			continue
		}
		k := key{p.scope, p.expr.Text}
		if r, ok := known[k]; ok {
			p.expr.rule = r
			continue
		}
		r, column, err := compile(envs.envs[p.scope], p.expr.Text)
		if err == nil && p.scope == ofProject {
			err = r.tabulate(m.index.involves)
		}
		if err != nil {
			d.atColumn(p.path, column, err.Error()+namesNear(err.Error(), m.index.facts, p.scope))
			continue
		}
		known[k] = r
		p.expr.rule = r
	}
}
