package method

// ChangeKind says what happened to a part.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Change is one difference between two methods, in words.
type Change struct {
	Kind     ChangeKind
	Part     string // control, gate, criterion, role, phase, document, question, answer, authority, ...
	ID       string // of the part; of a criterion its gate is in Of
	Of       string // the part that it belongs to, if any
	Name     string // of the newer one
	What     string // Changed: which of its statements, in words: "minutes, M"
	From, To string // Changed: as the files say it
}

// Diff lists what differs, in the order of the file; added parts once, not with
// everything inside them.
func Diff(before, after *Method) []Change { panic("not yet") }
