package method

// Requirement is what a method asks of a project. It depends on the tier and what
// the project involves alone, and may be kept and shared by its Key.
type Requirement struct {
	Tier                                                                                                Tier
	Involves                                                                                            []string // sorted
	Controls                                                                                            []*Control
	Gates                                                                                               []GateAsked // all gates of the method, in order, also those folded or not held
	Documents                                                                                           []DocumentAsked
	Report                                                                                              string  // at-gates, monthly, quarterly
	SilenceLineAfterDays, FactsLineEveryDays, BodyMeetsEveryDays, CutOffWorkingDay, RiskReviewEveryDays int     // 0 = none
	BudgetMinutes                                                                                       float64 // of the project manager, a month
	EstimatedMinutes                                                                                    float64 // the same by the estimates of controls and gates
	Pages, Hours                                                                                        float64 // of all documents, over the whole life
}

// GateAsked is a gate as a tier holds it.
type GateAsked struct {
	Gate     *Gate
	Form     Form
	Held     bool // by review or note
	Minutes  int
	Criteria []CriterionAsked // with those of gates folded into it that this tier asks
}

// CriterionAsked is a criterion as a tier asks it.
type CriterionAsked struct {
	*Criterion
	Must     bool // else should
	KnockOut bool // a must that no condition can stand in for
}

// DocumentAsked is a document with its limit.
type DocumentAsked struct {
	*Document
	Pages, Hours float64
}

// Require gives what the method asks of a project of a tier that involves these
// things ("supplier", "handover"; unknown ones are left out). The order is the file's.
func (m *Method) Require(tier Tier, involves []string) *Requirement { panic("not yet") }

// RequireKey is the same for all requirements that are equal, for a cache.
func (m *Method) RequireKey(tier Tier, involves []string) string { panic("not yet") }

// Control gives the control that the requirement asks for, nil if it does not.
func (r *Requirement) Control(id string) *Control { panic("not yet") }

// Gate gives the gate as it is asked, nil if the method has none of that id.
func (r *Requirement) Gate(id string) *GateAsked { panic("not yet") }

// Timing says whether a control is asked in a phase.
type Timing int

// The timings. A control due at a gate is Open in its phases until the phase which
// that gate ends, Due in that phase, and Overdue after it; one that comes round is
// Due in its phases and Over after the last of them.
const (
	NotYet Timing = iota
	Open
	Due
	Overdue
	Over
)

// TimingOf says whether a control is asked in a phase of the method. A phase that
// the method does not have is NotYet.
func (m *Method) TimingOf(c *Control, phase string) Timing { panic("not yet") }
