package method

import (
	_ "embed"
	"fmt"
	"strings"
)

// MaxSize is the largest text that is read.
const MaxSize = 1 << 20

// Problem is one thing that is wrong with a text.
type Problem struct {
	Line    int    // from 1; 0 when it is about the whole
	Column  int    // from 1
	Path    string // controls/bc-01/due
	Message string // what is wrong and what to do
}

// String gives the problem as a line: 12:5 controls/bc-01/due: ...
func (p Problem) String() string {
	return fmt.Sprintf("%d:%d %s: %s", p.Line, p.Column, p.Path, p.Message)
}

// Problems are all that is wrong, by line.
type Problems []Problem

// Error gives the problems as lines.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

// Read reads a text, checks all of it and runs its examples. The method is nil when
// there are problems.
func Read(text []byte) (*Method, Problems) { panic("not yet") }

// Load reads a text that was checked before, as the store holds it: the same as
// Read without checks across parts and without examples, and faster.
func Load(text []byte) (*Method, error) { panic("not yet") }

// Source gives the text from which the method was read: what is exported, stored
// and compared. Reading it again gives an equal method.
func (m *Method) Source() []byte { return append([]byte(nil), m.source...) }

// Retitle gives the text with another id, name and version and nothing else
// changed, comments included: for a copy, or the next version.
func Retitle(text []byte, id, name string, version int) ([]byte, error) { panic("not yet") }

// ShippedMethod is a method that comes with Cairn.
type ShippedMethod struct {
	ID   string
	Text []byte
}

// Shipped gives the methods that come with Cairn: the full one and the light one.
func Shipped() []ShippedMethod { panic("not yet") }
