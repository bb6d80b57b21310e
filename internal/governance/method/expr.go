package method

// Expr is a rule in CEL, compiled when the method was read. The zero value is no rule.
type Expr struct {
	Text string
	*compiled
}

type compiled struct{}

// Given says whether there is a rule.
func (e Expr) Given() bool { return e.Text != "" }
