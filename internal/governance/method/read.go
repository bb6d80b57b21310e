package method

import (
	"bytes"
	_ "embed" // the files that come with Cairn
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
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
func Read(text []byte) (*Method, Problems) {
	m, d := parse(text)
	if len(d.problems) == 0 {
		d.check(m)
	}
	if len(d.problems) == 0 {
		d.runExamples(m)
	}
	if len(d.problems) > 0 {
		return nil, d.sorted()
	}
	return m, nil
}

// Load reads a text that was checked before, as the store holds it: the same as
// Read without checks across parts and without examples, and faster.
func Load(text []byte) (*Method, error) {
	m, d := parse(text)
	if len(d.problems) > 0 {
		return nil, d.sorted()
	}
	return m, nil
}

// parse decodes a text and compiles its rules.
func parse(text []byte) (m *Method, d *decoder) {
	m, d = &Method{Language: "en"}, &decoder{places: map[string]place{}}
	root, problem := document(text)
	if problem != nil {
		d.problems = Problems{*problem}
		return m, d
	}
	d.value(root, reflect.ValueOf(m).Elem(), "")
	if len(d.problems) > 0 {
		return m, d
	}
	if m.Schema != Schema {
		d.at("schema", "this version of Cairn reads %s, not %q", Schema, m.Schema)
		return m, d
	}
	m.source = bytes.Clone(text)
	m.index = indexOf(m)
	d.checkNames(m)
	if len(d.problems) == 0 {
		m.compileAll(d)
	}
	return m, d
}

// document parses the YAML. The library may panic on texts that nobody writes; such
// a text is refused like any other that is no YAML.
func document(text []byte) (root *yaml.Node, problem *Problem) {
	if len(text) > MaxSize {
		return nil, &Problem{Message: fmt.Sprintf("the file is larger than %d KB", MaxSize>>10)}
	}
	defer func() {
		if recover() != nil {
			root, problem = nil, &Problem{Line: 1, Column: 1, Message: "the file is no YAML that can be read"}
		}
	}()
	var node yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&node); err != nil {
		return nil, inWords(err)
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil {
		return nil, &Problem{Line: second.Line, Column: 1, Message: "a file holds one method; this begins a second document"}
	}
	if node.Kind != yaml.DocumentNode || len(node.Content) != 1 || node.Content[0].Kind != yaml.MappingNode {
		return nil, &Problem{Line: 1, Column: 1, Message: "the file holds no method: it begins with schema: " + Schema}
	}
	return node.Content[0], nil
}

// inWords reads the line out of the library's message.
func inWords(err error) *Problem {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	p := &Problem{Line: 1, Column: 1, Message: "the file is no YAML that can be read: " + message}
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		number, words, _ := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); err == nil {
			p.Line, p.Message = line, "the line cannot be read: "+words
		}
	}
	if message == "EOF" {
		p.Message = "the file is empty"
	}
	return p
}

// sorted gives the problems by line.
func (d *decoder) sorted() Problems {
	slices.SortStableFunc(d.problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return d.problems
}

// Source gives the text from which the method was read: what is exported, stored
// and compared. Reading it again gives an equal method.
func (m *Method) Source() []byte { return bytes.Clone(m.source) }
