package framework

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Field is one value of a file that a form can change: a number of a rule, words, or
// the codes of a competency.
type Field struct {
	Path   string // options/manage_small_project/hours
	Key    string // hours
	Group  string // options/manage_small_project, or the rule that the value stands in
	Value  string
	Number bool
	List   bool // several, one a line
	Rule   Expr // around it
}

// The values of a part that a form changes; what has an id or refers to one is
// changed in the text.
var (
	wordKeys = []string{"name", "meaning", "matters", "observable", "says", "purpose", "why", "lacks", "note"}
	listKeys = []string{"work", "yes_from", "can_go_wrong", "not_for"}
)

// ErrNotHere says that a value cannot be changed without writing the text anew.
var ErrNotHere = errors.New("this cannot be changed in a form; change it in the text")

// Fields lists what a form can change of a part, such as competencies/reporting.
func Fields(file []byte, part string) ([]Field, error) {
	root, problem := document(file)
	if problem != nil {
		return nil, Problems{*problem}
	}
	n := at(root, part)
	if n == nil || strings.Count(part, "/") != 1 {
		return nil, ErrNotHere
	}
	var out []Field
	if strings.HasPrefix(part, "competencies/") && n.Style != yaml.FlowStyle {
		codes := Field{Path: part + "/codes", Key: "codes", Group: part, List: true}
		if have := child(n, "codes"); have != nil {
			for _, c := range have.Content {
				codes.Value += c.Value + "\n"
			}
		}
		out = append(out, codes)
	}
	collect(n, part, part, Expr{}, &out)
	return out, nil
}

func collect(n *yaml.Node, path, group string, rule Expr, out *[]Field) {
	switch n.Kind {
	case yaml.MappingNode:
		if child(n, "kinds") != nil || child(n, "counter") != nil || child(n, "competency") != nil {
			rule = Expr{}
			_ = n.Decode(&rule) // words for a label: what cannot be read has none
			group = path
		}
		if child(n, "level") != nil {
			group = path
		}
		if kind := child(n, "kind"); kind != nil { // what an option leaves behind
			rule, group = Expr{Kinds: []string{kind.Value}}, path
			if as := child(n, "as"); as != nil {
				rule.As = as.Value
			}
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i].Value, n.Content[i+1]
			f := Field{Path: path + "/" + key, Key: key, Group: group, Value: value.Value, Rule: rule}
			f.Number = value.Kind == yaml.ScalarNode && value.ShortTag() == "!!int"
			switch {
			case value.Kind != yaml.ScalarNode:
				if key != "codes" {
					collect(value, f.Path, group, rule, out)
				}
			case value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && (f.Number && key != "level" || slices.Contains(wordKeys, key)):
				*out = append(*out, f)
			}
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			label := strconv.Itoa(i + 1)
			if id := idOf(item); id != "" {
				label = id
			}
			last := path[strings.LastIndexByte(path, '/')+1:]
			if item.Kind == yaml.ScalarNode && slices.Contains(listKeys, last) {
				*out = append(*out, Field{Path: path + "/" + label, Key: last, Group: group, Value: item.Value})
			} else if item.Kind == yaml.MappingNode {
				collect(item, path+"/"+label, group, rule, out)
			}
		}
	default: // a value alone has no parts
	}
}

func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// at finds the node of a path.
func at(n *yaml.Node, path string) *yaml.Node {
	for step := range strings.SplitSeq(path, "/") {
		var next *yaml.Node
		if n.Kind == yaml.SequenceNode {
			for i, item := range n.Content {
				if id := idOf(item); id == step || id == "" && strconv.Itoa(i+1) == step {
					next = item
				}
			}
		} else {
			next = child(n, step)
		}
		if next == nil {
			return nil
		}
		n = next
	}
	return n
}

// Edit puts values at their paths and leaves everything else as it was written,
// comments included.
func Edit(file []byte, values map[string]string) ([]byte, error) {
	root, problem := document(file)
	if problem != nil {
		return nil, Problems{*problem}
	}
	type splice struct {
		from, to int
		text     string
	}
	starts := lineStarts(file)
	var cuts []splice
	for path, value := range values {
		n := at(root, path)
		if strings.HasSuffix(path, "/codes") {
			from, to, text, err := codesLine(root, path, value, starts)
			if err != nil {
				return nil, err
			}
			cuts = append(cuts, splice{from, to, text})
			continue
		}
		if n == nil || n.Kind != yaml.ScalarNode {
			return nil, ErrNotHere
		}
		from, to, ok := span(file, starts, n)
		if !ok {
			return nil, ErrNotHere
		}
		cuts = append(cuts, splice{from, to, written(n, value)})
	}
	slices.SortFunc(cuts, func(a, b splice) int { return b.from - a.from })
	out := bytes.Clone(file)
	for _, c := range cuts {
		out = slices.Concat(out[:c.from], []byte(c.text), out[c.to:])
	}
	changed, problem := document(out)
	if problem != nil || !sameBut(root, changed, "", values) {
		return nil, ErrNotHere
	}
	return out, nil
}

// written is a value as it stands in a file.
func written(n *yaml.Node, value string) string {
	value = strings.Join(strings.Fields(value), " ")
	if n.ShortTag() == "!!int" {
		if whole, err := strconv.Atoi(value); err == nil {
			return strconv.Itoa(whole)
		}
	}
	return quoted(value)
}

func quoted(value string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b) // what JSON quotes, YAML reads
	enc.SetEscapeHTML(false)
	_ = enc.Encode(value) // a string can always be written
	return strings.TrimSuffix(b.String(), "\n")
}

func lineStarts(file []byte) []int {
	out := []int{0}
	for i, c := range file {
		if c == '\n' {
			out = append(out, i+1)
		}
	}
	return append(out, len(file))
}

// span is where a value of one line stands.
func span(file []byte, starts []int, n *yaml.Node) (from, to int, ok bool) {
	if n.Line < 1 || n.Line >= len(starts) {
		return 0, 0, false
	}
	line := file[starts[n.Line-1]:starts[n.Line]]
	column, i := 1, 0
	for i = range string(line) { // columns are counted in characters
		if column == n.Column {
			break
		}
		column++
	}
	from = starts[n.Line-1] + i
	rest := line[i:]
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for k := 1; k < len(rest); k++ {
			switch rest[k] {
			case '\\':
				k++
			case '"':
				return from, from + k + 1, true
			}
		}
	case n.Style&yaml.SingleQuotedStyle != 0:
		for k := 1; k < len(rest); k++ {
			if rest[k] == '\'' && k+1 < len(rest) && rest[k+1] == '\'' {
				k++
			} else if rest[k] == '\'' {
				return from, from + k + 1, true
			}
		}
	case bytes.HasPrefix(rest, []byte(n.Value)) && n.Value != "":
		return from, from + len(n.Value), true
	}
	return 0, 0, false
}

// codesLine writes the codes of a competency on a line of their own, below its name
// or instead of the lines that there are.
func codesLine(root *yaml.Node, path, value string, starts []int) (from, to int, text string, err error) {
	c := at(root, strings.TrimSuffix(path, "/codes"))
	if c == nil || c.Kind != yaml.MappingNode || c.Style == yaml.FlowStyle || child(c, "name") == nil {
		return 0, 0, "", ErrNotHere
	}
	var codes []string
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); line != "" {
			codes = append(codes, quoted(line))
		}
	}
	for i := 0; i+1 < len(c.Content); i += 2 {
		if key := c.Content[i]; key.Value == "name" {
			text = strings.Repeat(" ", key.Column-1) + "codes: [" + strings.Join(codes, ", ") + "]\n"
			from = starts[min(lastLine(c.Content[i+1]), len(starts)-1)]
			to = from
		}
	}
	if len(codes) == 0 {
		text = ""
	}
	for i := 0; i+1 < len(c.Content); i += 2 {
		if key := c.Content[i]; key.Value == "codes" {
			if i == 0 {
				return 0, 0, "", ErrNotHere // it stands behind the dash of the list
			}
			from, to = starts[key.Line-1], starts[min(lastLine(c.Content[i+1]), len(starts)-1)]
		}
	}
	return from, to, text, nil
}

func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}

// sameBut says whether two files say the same but for these values.
func sameBut(a, b *yaml.Node, path string, values map[string]string) bool {
	if a.Kind != b.Kind {
		return false
	}
	if a.Kind == yaml.ScalarNode {
		if want, ok := values[path]; ok {
			return b.Value == strings.Join(strings.Fields(want), " ") || a.ShortTag() == "!!int"
		}
		return a.Value == b.Value && a.ShortTag() == b.ShortTag()
	}
	x, y := pairsBut(a, path, values), pairsBut(b, path, values)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i].label != y[i].label || !sameBut(x[i].node, y[i].node, strings.TrimPrefix(path+"/"+x[i].label, "/"), values) {
			return false
		}
	}
	return true
}

type labelled struct {
	label string
	node  *yaml.Node
}

// pairsBut are the parts of a node by their labels, without codes that change.
func pairsBut(n *yaml.Node, path string, values map[string]string) (out []labelled) {
	if n.Kind == yaml.SequenceNode {
		for i, item := range n.Content {
			label := idOf(item)
			if label == "" {
				label = strconv.Itoa(i + 1)
			}
			out = append(out, labelled{label, item})
		}
		return out
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if _, changes := values[path+"/"+key]; changes && key == "codes" {
			continue
		}
		out = append(out, labelled{key, n.Content[i+1]})
	}
	return out
}
