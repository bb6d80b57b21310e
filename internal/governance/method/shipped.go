package method

import (
	"bytes"
	"fmt"
	"strconv"

	_ "embed"

	"go.yaml.in/yaml/v3"
)

//go:embed content/full.yaml
var fullFile []byte

//go:embed content/light.yaml
var lightFile []byte

//go:embed content/two.yaml
var twoFile []byte

//go:embed content/three.yaml
var threeFile []byte

//go:embed content/four.yaml
var fourFile []byte

// Starts gives the plain methods that a new one can begin from: lives with two,
// three and four gates. None is published by itself.
func Starts() []ShippedMethod {
	return []ShippedMethod{{"two-gates", bytes.Clone(twoFile)}, {"three-gates", bytes.Clone(threeFile)}, {"four-gates", bytes.Clone(fourFile)}}
}

// ShippedMethod is a method that comes with Cairn.
type ShippedMethod struct {
	ID   string
	Text []byte
}

// Shipped gives the methods that come with Cairn: the full one and the light one.
func Shipped() []ShippedMethod {
	return []ShippedMethod{{"cairn-full", bytes.Clone(fullFile)}, {"cairn-light", bytes.Clone(lightFile)}}
}

// Retitle gives the text with another id, name and version and nothing else
// changed, comments included: for a copy, or the next version.
func Retitle(text []byte, id, name string, version int) ([]byte, error) {
	root, problem := document(text)
	if problem != nil {
		return nil, Problems{*problem}
	}
	want := map[string]string{"id": id, "name": quoted(name), "version": strconv.Itoa(version)}
	is := map[string]string{"id": id, "name": name, "version": strconv.Itoa(version)}
	lines := bytes.SplitAfter(text, []byte("\n"))
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		with, ok := want[key.Value]
		if !ok {
			continue
		}
		if value.Kind != yaml.ScalarNode || value.Line != key.Line || key.Line > len(lines) {
			return nil, Problems{{key.Line, key.Column, key.Value, "has to stand on one line with its value"}}
		}
		lines[key.Line-1] = fmt.Appendf(nil, "%s: %s%s\n", key.Value, with, comment(value))
		delete(want, key.Value)
	}
	if len(want) > 0 {
		return nil, Problems{{1, 1, "", "a method has an id, a name and a version, each on a line of its own"}}
	}
	out := bytes.Join(lines, nil)
	changed, problem := document(out)
	if problem != nil || !sameBut(root, changed, is) {
		return nil, Problems{{1, 1, "", "id, name and version have to stand on lines of their own"}}
	}
	return out, nil
}

func comment(n *yaml.Node) string {
	if n.LineComment == "" {
		return ""
	}
	return "   " + n.LineComment
}

// quoted writes a name so that YAML reads back the same words.
func quoted(name string) string {
	out, err := yaml.Marshal(name)
	if err != nil || bytes.Count(out, []byte("\n")) != 1 {
		return strconv.Quote(name)
	}
	return string(bytes.TrimSuffix(out, []byte("\n")))
}

// sameBut says whether two documents have the same keys in the same order, and the
// second one these values.
func sameBut(a, b *yaml.Node, is map[string]string) bool {
	if len(a.Content) != len(b.Content) {
		return false
	}
	for i := 0; i < len(a.Content); i += 2 {
		key, before, after := b.Content[i].Value, a.Content[i+1], b.Content[i+1]
		want, ok := is[key]
		if a.Content[i].Value != key || len(before.Content) != len(after.Content) || ok && after.Value != want {
			return false
		}
	}
	return true
}
