package framework

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits of a file, so that reading one costs little whatever it holds.
const (
	maxList  = 500
	maxText  = 4000
	maxWhole = 100_000
)

// Read reads a file and looks at everything that can be seen without computing
// standings: keys, ids, rules that can never be met. Package check goes on from there.
func Read(file []byte) *Reading {
	r := &Reading{lines: map[string]int{}}
	root, problem := document(file)
	if problem != nil {
		r.Problems = Problems{*problem}
		return r
	}
	r.walk(root, reflect.TypeFor[Framework](), "")
	if len(r.Problems) > 0 {
		return r
	}
	var f Framework
	if err := root.Decode(&f); err != nil {
		r.Say("", "the file cannot be read: %s", err)
		return r
	}
	r.Framework = &f
	r.check()
	return r
}

// NoFramework says why a file is no framework at all, so that nothing of it can be put
// right; nil if it is one, be it with faults.
func NoFramework(file []byte) *Problem {
	if _, p := document(file); p != nil && p.Line <= 1 {
		return p
	}
	return nil
}

// document parses the YAML. The library may panic on texts that nobody writes; such
// a text is refused like any other that is no YAML.
func document(file []byte) (root *yaml.Node, problem *Problem) {
	if len(file) > MaxSize {
		return nil, &Problem{Says: fmt.Sprintf("the file is larger than %d KB", MaxSize>>10)}
	}
	defer func() {
		if recover() != nil {
			root, problem = nil, &Problem{Line: 1, Says: "the file is no YAML that can be read"}
		}
	}()
	var node, second yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(file))
	if err := dec.Decode(&node); err != nil {
		return nil, inWords(err)
	}
	if err := dec.Decode(&second); err == nil {
		return nil, &Problem{Line: second.Line, Says: "a file holds one framework; this begins a second document"}
	}
	if node.Kind != yaml.DocumentNode || len(node.Content) != 1 || node.Content[0].Kind != yaml.MappingNode {
		return nil, &Problem{Line: 1, Says: "the file holds no framework: it begins with the key framework, and holds competencies, roles and options"}
	}
	return node.Content[0], nil
}

// inWords reads the line out of the library's message.
func inWords(err error) *Problem {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	p := &Problem{Line: 1, Says: "the file is no YAML that can be read: " + message}
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		number, words, _ := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); err == nil {
			p.Line, p.Says = line, "the line cannot be read: "+words
		}
	}
	if message == "EOF" {
		p.Says = "the file is empty"
	}
	return p
}

// walk compares the form of a file with that of a type, and notes where each part
// stands.
func (r *Reading) walk(n *yaml.Node, t reflect.Type, path string) {
	if _, noted := r.lines[path]; !noted {
		r.lines[path] = n.Line
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		r.Say(path, "anchors and aliases are not read; write it out")
		return
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" {
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		r.walk(n, t.Elem(), path)
	case reflect.Struct:
		r.walkStruct(n, t, path)
	case reflect.Slice:
		r.walkList(n, t.Elem(), path)
	case reflect.Map:
		r.walkMap(n, t, path)
	case reflect.Interface:
		r.walkAny(n, t, path)
	default:
		r.walkValue(n, t, path)
	}
}

func (r *Reading) walkAny(n *yaml.Node, t reflect.Type, path string) {
	switch n.Kind {
	case yaml.MappingNode:
		r.pairs(n, path, func(_, value *yaml.Node, at string) { r.walk(value, t, at) })
	case yaml.SequenceNode:
		r.walkList(n, t, path)
	default:
		r.short(n, path)
	}
}

func (r *Reading) short(n *yaml.Node, path string) bool {
	if len(n.Value) > maxText {
		r.Say(path, "longer than %d characters", maxText)
		return false
	}
	return true
}

func (r *Reading) walkValue(n *yaml.Node, t reflect.Type, path string) {
	if n.Kind != yaml.ScalarNode {
		r.Say(path, "one value is expected here, not %s", shape(n))
		return
	}
	if !r.short(n, path) {
		return
	}
	switch tag := n.ShortTag(); t.Kind() {
	case reflect.Bool:
		if tag != "!!bool" {
			r.Say(path, "true or false is expected, not %q", n.Value)
		}
	case reflect.Int:
		whole, err := strconv.Atoi(n.Value)
		switch {
		case tag != "!!int" || err != nil:
			r.Say(path, "a whole number is expected, not %q", n.Value)
		case whole < 0:
			r.Say(path, "a number here is not below 0")
		case whole > maxWhole:
			r.Say(path, "a number here is at most %d", maxWhole)
		}
	default:
		if tag == "!!binary" || strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") {
			r.Say(path, "words are expected here")
		}
	}
}

func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys with values"
	case yaml.SequenceNode:
		return "a list"
	default:
		return "one value"
	}
}

func (r *Reading) walkList(n *yaml.Node, of reflect.Type, path string) {
	if n.Kind != yaml.SequenceNode {
		r.Say(path, "a list is expected here, not %s", shape(n))
		return
	}
	if len(n.Content) > maxList {
		r.Say(path, "more than %d entries", maxList)
		return
	}
	seen := map[string]bool{}
	for i, item := range n.Content {
		label := strconv.Itoa(i + 1)
		if id := idOf(item); id != "" {
			label = id
		}
		r.walk(item, of, path+"/"+label)
		if seen[label] {
			r.Problems = append(r.Problems, Problem{Line: item.Line, Path: path + "/" + label, Says: fmt.Sprintf("%q stands here twice; an id is given once", label)})
		}
		seen[label] = true
	}
}

func idOf(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode {
		for k := 0; k+1 < len(n.Content); k += 2 {
			if n.Content[k].Value == "id" && n.Content[k+1].Kind == yaml.ScalarNode {
				return n.Content[k+1].Value
			}
		}
	}
	return ""
}

func (r *Reading) walkMap(n *yaml.Node, t reflect.Type, path string) {
	r.pairs(n, path, func(key, value *yaml.Node, at string) {
		if t.Key().Kind() == reflect.Int && key.ShortTag() != "!!int" {
			r.Say(at, "a level is expected here, as a number")
			return
		}
		r.walk(value, t.Elem(), at)
	})
}

// pairs walks the keys of a mapping; a key that stands twice is refused.
func (r *Reading) pairs(n *yaml.Node, path string, each func(key, value *yaml.Node, at string)) {
	if n.Kind != yaml.MappingNode {
		r.Say(path, "keys with values are expected here, not %s", shape(n))
		return
	}
	if len(n.Content) > 2*maxList {
		r.Say(path, "more than %d keys", maxList)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := strings.TrimPrefix(path+"/"+key.Value, "/")
		if _, noted := r.lines[at]; !noted {
			r.lines[at] = key.Line
		}
		switch {
		case key.Kind != yaml.ScalarNode || key.Anchor != "" || key.ShortTag() == "!!merge":
			r.Say(path, "a key has to be a word")
		case seen[key.Value]:
			r.Say(at, "the key stands here twice")
		default:
			seen[key.Value] = true
			each(key, n.Content[i+1], at)
		}
	}
}

func (r *Reading) walkStruct(n *yaml.Node, t reflect.Type, path string) {
	fields, names := map[string]reflect.Type{}, []string{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		fields[name], names = f.Type, append(names, name)
	}
	r.pairs(n, path, func(key, value *yaml.Node, at string) {
		of, ok := fields[key.Value]
		if !ok {
			r.Say(at, "there is no key %q here%s", key.Value, near(key.Value, names))
			return
		}
		r.walk(value, of, at)
	})
}
