package method

import "slices"

// Shown is what the record can show for a criterion.
type Shown struct {
	Rule   string // the expression
	Truth  Truth
	Absent []string // facts that were missing, where it is undecided
}

// Shows reads what the record can show for a criterion; it informs, a person decides.
func (m *Method) Shows(c *Criterion, tier Tier, f Facts) []Shown {
	v := &values{facts: f, tier: int64(tier)}
	var out []Shown
	for _, e := range c.Record {
		if e.rule == nil {
			continue
		}
		s := Shown{Rule: e.Text, Truth: e.rule.truth(v)}
		if s.Truth == Undecided {
			s.Absent = e.rule.absent(f)
		}
		out = append(out, s)
	}
	return out
}

// Leave gives the reasons to leave this method for another one.
func (m *Method) Leave(tier Tier, f Facts) []string {
	v := &values{facts: f, tier: int64(tier)}
	var out []string
	for i := range m.Use.LeaveWhen {
		if l := &m.Use.LeaveWhen[i]; l.When.holdsFor(v) {
			out = append(out, l.Because)
		}
	}
	return out
}

// holdsFor says whether a rule is given and holds; undecided does not.
func (e Expr) holdsFor(v *values) bool { return e.rule != nil && e.rule.truth(v) == Yes }

// Fits says whether the method may be used for a project of the tier and register entry.
func (m *Method) Fits(tier Tier, r Register) bool {
	return !m.Use.When.Given() || m.Use.When.holdsFor(&values{facts: factsOfRegister(r), tier: int64(tier)})
}

// AskAgain gives the reasons for which the dial is to be looked at again.
func (m *Method) AskAgain(tier Tier, f Facts) []AskedAgain {
	if m.Dial == nil {
		return nil
	}
	var out []AskedAgain
	v := &values{facts: f, tier: int64(tier)}
	for _, a := range m.Dial.AskedAgain {
		if a.When.holdsFor(v) {
			out = append(out, a)
		}
	}
	return out
}

// Proposal is what the answers of those who live with a control lead to.
type Proposal string

// The proposals; NoProposal while too few have answered.
const (
	NoProposal Proposal = ""
	Keep       Proposal = "keep"
	Revise     Proposal = "change"
	Retire     Proposal = "retire"
)

// Propose says whether a control is proposed to be kept, changed or retired, from
// its facts (control.*). It proposes, a person decides.
func (m *Method) Propose(c *Control, f Facts) Proposal {
	v := &values{facts: f}
	switch {
	case !m.Review.EnoughAnswers.holdsFor(v):
		return NoProposal
	case m.Review.ProposeRetire.holdsFor(v) && !slices.Contains(m.Review.NotByDislike, c.ID):
		return Retire
	case m.Review.ProposeChange.holdsFor(v):
		return Revise
	default:
		return Keep
	}
}
