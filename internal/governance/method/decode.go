package method

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Limits of a text, so that reading one costs little whatever it holds.
const (
	maxList     = 500  // entries of one list
	maxText     = 4000 // bytes of one value
	maxProblems = 100
)

// place is where something stands in the text.
type place struct{ line, column int }

// decoder fills a method from the nodes of its text and remembers where each part
// stands, so that later checks can name the line.
type decoder struct {
	problems Problems
	places   map[string]place
}

// fromNode is implemented by what has a form of its own in a file.
type fromNode interface {
	decode(d *decoder, n *yaml.Node, path string)
}

func (d *decoder) add(n *yaml.Node, path, format string, args ...any) {
	d.addAt(place{n.Line, n.Column}, path, format, args...)
}

func (d *decoder) addAt(at place, path, format string, args ...any) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, Problem{at.line, at.column, path, fmt.Sprintf(format, args...)})
	}
}

// at adds a problem at a path; what is not in the text is named at what holds it.
func (d *decoder) at(path, format string, args ...any) {
	for p := path; ; {
		if at, ok := d.places[p]; ok {
			d.addAt(at, path, format, args...)
			return
		}
		cut := strings.LastIndexByte(p, '/')
		if cut < 0 {
			d.addAt(place{1, 1}, path, format, args...)
			return
		}
		p = p[:cut]
	}
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.add(n, path, "anchors and aliases are not read; write it out")
		return
	}
	d.places[path] = place{n.Line, n.Column}
	if own, ok := v.Addr().Interface().(fromNode); ok {
		own.decode(d, n, path)
		return
	}
	if isNull(n) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Map:
		d.mapping(n, v, path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path)
	default:
		d.scalar(n, v, path)
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.ScalarNode {
		d.add(n, path, "one value is expected here, not %s", shape(n))
		return
	}
	if len(n.Value) > maxText {
		d.add(n, path, "longer than %d characters", maxText)
		return
	}
	tag, text := n.ShortTag(), n.Value
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		if tag != "!!bool" {
			d.add(n, path, "true or false is expected, not %q", text)
			return
		}
		v.SetBool(strings.EqualFold(text, "true"))
	case reflect.Int, reflect.Int64:
		whole, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
		if tag != "!!int" || err != nil || whole > maxWhole || whole < -maxWhole {
			d.add(n, path, "a whole number is expected, not %q", text)
			return
		}
		v.SetInt(whole)
	case reflect.Float64:
		number, err := strconv.ParseFloat(text, 64)
		if tag != "!!int" && tag != "!!float" || err != nil || math.IsNaN(number) || math.Abs(number) > maxWhole {
			d.add(n, path, "a number is expected, not %q", text)
			return
		}
		v.SetFloat(number)
	case reflect.Interface:
		d.any(n, v, path)
	default:
		d.add(n, path, "this cannot be read")
	}
}

// maxWhole keeps sums of amounts far from overflowing.
const maxWhole = 1_000_000_000_000_000

// any reads a fact of an example.
func (d *decoder) any(n *yaml.Node, v reflect.Value, path string) {
	var out any
	if err := n.Decode(&out); err != nil {
		d.add(n, path, "this cannot be read")
		return
	}
	if out != nil {
		v.Set(reflect.ValueOf(out))
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

func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		d.add(n, path, "a list is expected here, not %s", shape(n))
		return
	}
	if len(n.Content) > maxList {
		d.add(n, path, "more than %d entries", maxList)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	seen := map[string]bool{}
	for i, item := range n.Content {
		label := labelOf(item, i)
		if seen[label] {
			d.add(item, path+"/"+label, "%q stands here twice; ids are given once", label)
		}
		seen[label] = true
		d.value(item, v.Index(i), path+"/"+label)
	}
}

// labelOf names an entry of a list: by its id or name, else by its number.
func labelOf(n *yaml.Node, i int) string {
	if n.Kind == yaml.MappingNode {
		for _, key := range []string{"id", "name"} {
			for k := 0; k+1 < len(n.Content); k += 2 {
				if n.Content[k].Value == key && n.Content[k+1].Value != "" && hasNoKind(n) {
					return n.Content[k+1].Value
				}
			}
		}
	}
	return strconv.Itoa(i + 1)
}

// hasNoKind tells lines of evidence, whose id and name are those of something
// else, from what is named by them; roles have a kind and are named by their id.
func hasNoKind(n *yaml.Node) bool {
	for k := 0; k+1 < len(n.Content); k += 2 {
		if n.Content[k].Value == "kind" {
			switch AcceptKind(n.Content[k+1].Value) {
			case AnEvent, AFact, ADocument, AnAttestation:
				return false
			}
		}
	}
	return true
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, path string) {
	v.Set(reflect.MakeMap(v.Type()))
	d.pairs(n, path, func(key, value *yaml.Node, at string) {
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(value, item, at)
		v.SetMapIndex(reflect.ValueOf(key.Value), item)
	})
}

// pairs walks the keys of a mapping; a key that stands twice is refused.
func (d *decoder) pairs(n *yaml.Node, path string, each func(key, value *yaml.Node, at string)) {
	if n.Kind != yaml.MappingNode {
		d.add(n, path, "keys with values are expected here, not %s", shape(n))
		return
	}
	if len(n.Content) > 2*maxList {
		d.add(n, path, "more than %d keys", maxList)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			d.add(key, path, "a key has to be a word")
			continue
		}
		at := strings.TrimPrefix(path+"/"+key.Value, "/")
		if seen[key.Value] {
			d.add(key, at, "the key stands here twice")
			continue
		}
		seen[key.Value] = true
		each(key, n.Content[i+1], at)
	}
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, path string) {
	fields := fieldsOf(v.Type())
	d.pairs(n, path, func(key, value *yaml.Node, at string) {
		i, ok := fields.byKey[key.Value]
		if !ok {
			d.add(key, at, "there is no such key here%s", maybe(key.Value, fields.keys))
			return
		}
		d.value(value, v.Field(i), at)
	})
}

// keyed lists the fields of a struct by their key in a file.
type keyed struct {
	byKey map[string]int
	keys  []string
}

var keyedTypes sync.Map

func fieldsOf(t reflect.Type) *keyed {
	if known, ok := keyedTypes.Load(t); ok {
		return known.(*keyed)
	}
	k := &keyed{byKey: map[string]int{}}
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			k.byKey[key] = i
			k.keys = append(k.keys, key)
		}
	}
	keyedTypes.Store(t, k)
	return k
}
