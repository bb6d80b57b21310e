package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

// noun is a part of the API, for its page.
type noun struct {
	Name       string
	Operations []shownOperation
}

type shownOperation struct {
	web.Spec
	Path, Who, Statuses string
	Parameters          []shownParameter
	Request, Answer     string // examples
}

type shownParameter struct {
	Name, In, Says string
	Required       bool
}

func countOperations(nouns []noun) (n int) {
	for _, one := range nouns {
		n += len(one.Operations)
	}
	return n
}

// describeAPI makes the page's view of the description, so that both say the same.
func (a *App) describeAPI() (out []noun) {
	ops := a.operations()
	doc, policy := web.Description(a.Version, "", ops), Policy()
	at := map[string]int{}
	for _, op := range ops {
		i, known := at[op.Tag]
		if !known {
			i = len(out)
			at[op.Tag] = i
			out = append(out, noun{Name: op.Tag})
		}
		rule, _ := policy.Rule(op.Action)
		out[i].Operations = append(out[i].Operations, shownOf(doc, op.Spec, rule))
	}
	return out
}

func shownOf(doc *huma.OpenAPI, s web.Spec, rule authz.Rule) shownOperation {
	o := shownOperation{Spec: s, Path: "/api/v1" + s.Path, Who: whoMay(rule)}
	d := operationOf(doc.Paths[s.Path], s.Method)
	if d == nil {
		return o
	}
	path, headers := s.Path, ""
	for _, p := range d.Parameters {
		o.Parameters = append(o.Parameters, shownParameter{p.Name, p.In, p.Description, p.Required})
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", fmt.Sprint(example1(p.Schema, p.Name)))
		case p.Name == "If-Match":
			headers += "If-Match: \"3\"\n"
		}
	}
	o.Request = s.Method + " /api/v1" + path + "\nAuthorization: Bearer cairn_…\n" + headers
	if d.RequestBody != nil {
		if m := d.RequestBody.Content["application/json"]; m != nil {
			o.Request += "Content-Type: application/json\n\n" + exampleText(doc.Components.Schemas, m.Schema)
		}
	}
	var statuses []string
	for status, r := range d.Responses {
		statuses = append(statuses, status)
		if m := r.Content["application/json"]; status[0] == '2' && m != nil && len(s.Media) == 0 {
			o.Answer = status + "\n\n" + exampleText(doc.Components.Schemas, m.Schema)
		}
	}
	slices.Sort(statuses)
	o.Statuses = strings.Join(statuses, ", ")
	return o
}

func operationOf(p *huma.PathItem, method string) *huma.Operation {
	if p == nil {
		return nil
	}
	return map[string]*huma.Operation{
		http.MethodGet: p.Get, http.MethodPost: p.Post, http.MethodPut: p.Put, http.MethodPatch: p.Patch, http.MethodDelete: p.Delete,
	}[method]
}

// whoMay says a rule in words.
func whoMay(r authz.Rule) string {
	var out []string
	for _, role := range matrixColumns {
		if r.ByRole(role) {
			out = append(out, role.Label())
		}
	}
	for _, n := range r.OnNode {
		out = append(out, strings.ReplaceAll(string(n), "_", " ")+" of the project")
	}
	if r.Owner {
		out = append(out, "the person whose own it is")
	}
	return strings.Join(out, ", ")
}

var matrixColumns = []authz.Role{authz.Guest, authz.Member, authz.PMOMember, authz.HeadOfPMO, authz.Administrator}

func exampleText(schemas huma.Registry, s *huma.Schema) string {
	b, err := json.MarshalIndent(exampleOf(schemas, s, "", 0), "", "  ")
	if err != nil {
		return ""
	}
	return string(b)
}

// exampleOf makes a value that fits a schema and reads like one of the real ones.
func exampleOf(schemas huma.Registry, s *huma.Schema, name string, depth int) any {
	for s != nil && s.Ref != "" {
		s = schemas.SchemaFromRef(s.Ref)
	}
	if s == nil || depth > 6 {
		return nil
	}
	switch s.Type {
	case huma.TypeObject:
		out := map[string]any{}
		for key, one := range s.Properties {
			if key != "$schema" {
				out[key] = exampleOf(schemas, one, key, depth+1)
			}
		}
		if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
			out["name"] = exampleOf(schemas, more, "name", depth+1)
		}
		return out
	case huma.TypeArray:
		return []any{exampleOf(schemas, s.Items, name, depth+1)}
	}
	return example1(s, name)
}

func example1(s *huma.Schema, name string) any {
	switch {
	case s == nil:
		return "…"
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == huma.TypeBoolean:
		return false
	case s.Type == huma.TypeInteger, s.Type == huma.TypeNumber:
		return 3
	case s.Format == "date-time":
		return "2026-11-24T09:30:00Z"
	}
	for _, known := range []struct{ name, value string }{
		{"period", "2026-10"},
		{"name", "Pump station renewal"},
		{"email", "name@example.org"},
		{"address", "https://example.org/cairn"},
		{"verbs", "report.submitted"},
		{"as_at", "2026-11-24"},
		{"from", "2026-01-01"},
		{"to", "2026-12-31"},
		{"since", "2026-10-31"},
		{"scopes", "read"},
		{"value", "Pump station renewal"},
		{"id", exampleID},
		{"project", exampleID},
		{"person", exampleID},
		{"answer", exampleID},
		{"delivery", exampleID},
		{"ids", exampleID},
		{"next", "eyJrIjoi…"},
		{"state", "published"},
		{"secret", "whsec_…"},
	} {
		if known.name == name {
			return known.value
		}
	}
	return "…"
}

const exampleID = "019a8f3e-6c1d-7b52-9a40-3d2f6e1b7c88"
