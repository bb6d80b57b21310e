package method

// Facts are what the record shows of a project on a day, by name of the vocabulary:
// bool, int, int64, float64, string or []string. What the record does not hold is
// not in the map and is never zero: an expression that meets it is undecided,
// unless the rest decides (|| and &&).
type Facts map[string]any

// Truth is yes, no, or undecided because a fact is absent.
type Truth int

// The truths.
const (
	Undecided Truth = iota
	No
	Yes
)

// Seen is something dated: an event of a gate or check, a document in a state.
type Seen struct {
	Of string // event: gate or kind of check, "" if none; document: its state
	On Day
}

// Evidence is what the record holds of one project. Nothing in it has to be sorted.
type Evidence struct {
	Events       map[string][]Seen // by name of the event
	Documents    map[string][]Seen // by id: each state with the day on which it was reached
	Attestations map[string][]Day  // by id of the control; that the right role said it was checked when it was said
	Facts        Facts             // read on the day of asking
	Ask          Ask               // for facts that are read only when a rule asks; may be nil
}

// Ask gives a fact of the day; false when the record does not hold it.
type Ask func(name string) (any, bool)

// Cover is a time in which a control is covered by dated evidence: From and all
// days before To. To is Forever when once is enough.
type Cover struct {
	From, To Day
	Line     int // which of the control's Accepts, of the first that begins it
}

// Standing is how a control stands.
type Standing int

// The standings.
const (
	Gap Standing = iota
	Evidenced
	CannotBeSeen // only facts or events could show it, and no feature records them yet: not the project's gap
)

// String gives gap, evidenced or cannot-be-seen.
func (s Standing) String() string {
	return [...]string{"gap", "evidenced", "cannot-be-seen"}[s]
}

// State is how a control stands on a day.
type State struct {
	Standing Standing
	Line     int // which of the control's Accepts shows it, the best first; -1 if none
	On       Day // day of the evidence; 0 for a fact, which is of the day
	Until    Day // first day on which it will not count any more; Forever; 0 for a fact and a gap
	Lapsed   Day // of a gap: since when dated evidence has run out; 0 if there never was any
}

// Fed says which facts and events features feed by now.
type Fed struct {
	Facts  map[string]bool
	Events map[string]bool
}
