// Package apifuzz reads the description of the API and tries it against a
// server: sound requests, requests at the limits, and broken ones, from a seed.
// Every answer must be as the description says: its status, its media type, its
// schema; none is a failure of the server's own, and none repeats what was refused.
package apifuzz

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

// Run is one run against a server.
type Run struct {
	Base     string            // address of the server
	Tokens   []string          // of people with different rights
	Skip     map[string]string // operations that are left out, with the reason
	Seed     uint64
	client   *http.Client
	check    validator.Validator
	ops      []operation
	made     *maker
	Statuses map[string]int // how often each operation answered with each status
}

type operation struct {
	id, method, path string
	spec             map[string]any
}

// New reads a description.
func New(description []byte, base string, tokens []string, seed uint64) (*Run, error) {
	doc, err := libopenapi.NewDocument(description)
	if err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	check, problems := validator.NewValidator(doc)
	if len(problems) > 0 {
		return nil, fmt.Errorf("read the description: %v", problems)
	}
	var root map[string]any
	if err := yaml.Unmarshal(description, &root); err != nil {
		return nil, err
	}
	components, _ := root["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	r := &Run{
		Base: base, Tokens: tokens, Seed: seed, check: check, client: &http.Client{}, Statuses: map[string]int{},
		made: &maker{Rand: rand.New(rand.NewPCG(seed, 1)), schemas: schemas, seen: map[string][]string{}},
	}
	paths, _ := root["paths"].(map[string]any)
	for _, path := range sorted(paths) {
		methods, _ := paths[path].(map[string]any)
		for _, method := range sorted(methods) {
			spec, _ := methods[method].(map[string]any)
			id, _ := spec["operationId"].(string)
			r.ops = append(r.ops, operation{id, strings.ToUpper(method), path, spec})
		}
	}
	return r, nil
}

// Go makes requests and gives what was wrong with the answers.
func (r *Run) Go(ctx context.Context, requests int) (wrong []string, err error) {
	for i := range requests {
		op := r.ops[r.made.IntN(len(r.ops))]
		if r.Skip[op.id] != "" {
			continue
		}
		t := []taste{sound, sound, sound, edge, broken, broken}[r.made.IntN(6)]
		req, body, err := r.request(ctx, op, t)
		if err != nil {
			return wrong, err
		}
		found, err := r.try(op, req)
		if err != nil {
			return wrong, err
		}
		for _, w := range found {
			wrong = append(wrong, fmt.Sprintf("request %d of seed %d: %s %s (%s) %.300q: %s", i, r.Seed, op.method, req.URL.RequestURI(), op.id, body, w))
		}
		if len(wrong) > 40 {
			break
		}
	}
	return wrong, nil
}

// request makes a request of an operation.
func (r *Run) request(ctx context.Context, op operation, t taste) (*http.Request, []byte, error) {
	path, query, headers := op.path, url.Values{}, http.Header{}
	list, _ := op.spec["parameters"].([]any)
	for _, one := range list {
		p, _ := one.(map[string]any)
		name, _ := p["name"].(string)
		schema, _ := p["schema"].(map[string]any)
		needed, _ := p["required"].(bool)
		one := t
		if t == broken && r.made.IntN(2) == 0 {
			one = sound // something else is broken; the request gets further
		}
		switch v := plain(r.made.value(schema, nameOf(op, name), one, 0)); p["in"] {
		case "path":
			if v == "" || v == "." || v == ".." {
				v = "x"
			}
			v = strings.ReplaceAll(v, "/", "-") // the validator reads the path unescaped
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(v))
		case "query":
			if needed || r.made.IntN(3) == 0 {
				query.Set(name, r.cursor(name, v, t))
			}
		case "header":
			r.header(headers, name, v, t)
		}
	}
	body, media := r.body(op, t)
	address := r.Base + "/api/v1" + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, op.method, address, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	req.Header = headers
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	if t != broken || r.made.IntN(20) != 0 {
		req.Header.Set("Authorization", "Bearer "+r.Tokens[r.made.IntN(len(r.Tokens))])
	}
	return req, body, nil
}

// nameOf tells the ids of different things apart: "id" of /people is a person's.
func nameOf(op operation, name string) string {
	if name != "id" {
		return name
	}
	noun, _, _ := strings.Cut(strings.TrimPrefix(op.path, "/"), "/")
	return noun
}

func (r *Run) cursor(name, v string, t taste) string {
	if name != "after" || t == sound {
		if name == "after" {
			return r.made.pick(r.made.seen["next"]...)
		}
		return v
	}
	return r.made.pick("eyJrIjoieCIsImkiOiJ5In0", "e30", "bnVsbA", "!", "eyJrIjoiXHUwMDAwIiwiaSI6Ilx1MDAwMCJ9", "eyJrIjoiOTk5OTk5OTk5OTk5OTk5OTk5OTk5IiwiaSI6IngifQ", "MTIz")
}

func (r *Run) header(h http.Header, name, v string, t taste) {
	switch {
	case name == "If-Match" && t != broken:
		h.Set(name, r.made.pick(append([]string{`"1"`, `"0"`, `"2"`}, r.made.seen["etag"]...)...))
	case name == "If-Match":
		h.Set(name, r.made.pick("", "*", `"x"`, `W/"1"`, `"99999999999999999999"`, `"-1"`))
	case name == "Idempotency-Key" && r.made.IntN(4) == 0:
		h.Set(name, fmt.Sprintf("key-%d", r.made.IntN(50)))
	case name == "Idempotency-Key" && t == broken:
		h.Set(name, strings.Repeat("k", 201))
	default:
		_ = v // other headers are left out
	}
}

// body makes the body of a request and its media type.
func (r *Run) body(op operation, t taste) (body []byte, media string) {
	rb, _ := op.spec["requestBody"].(map[string]any)
	content, _ := rb["content"].(map[string]any)
	medias := sorted(content)
	if len(medias) == 0 {
		return nil, ""
	}
	media = medias[0]
	one, _ := content[media].(map[string]any)
	schema, _ := one["schema"].(map[string]any)
	if media == "application/octet-stream" {
		return []byte(r.made.pick("Name,Status\nPump,Live\n", "id,name\n1,\x00\n", "\xff\xfe", "", "PK\x03\x04nothing", "Name;Budget\nA;1,000\n")), media
	}
	b, err := json.Marshal(r.made.value(schema, "", t, 0))
	if err != nil {
		b = []byte(`{"facts": 1e400}`)
	}
	if t == broken && r.made.IntN(6) == 0 {
		b = []byte(r.made.pick("", "{", "null", "[]", `"x"`, `{"a":`+strings.Repeat("[", 2000), "\xff", `{"name":"\ud800"}`, string(b)+"}"))
	}
	if t == broken && r.made.IntN(12) == 0 {
		media = r.made.pick("text/plain", "application/xml", "nonsense")
	}
	return b, media
}

// try sends a request and gives what is wrong with its answer.
func (r *Run) try(op operation, req *http.Request) (wrong []string, err error) {
	res, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	_ = res.Body.Close() // it was read to its end
	r.Statuses[fmt.Sprintf("%s %d", op.id, res.StatusCode)]++
	if res.StatusCode >= 500 {
		wrong = append(wrong, fmt.Sprintf("%d %s", res.StatusCode, body))
	}
	if res.StatusCode >= 400 {
		if bytes.Contains(body, []byte(Marker)) {
			wrong = append(wrong, fmt.Sprintf("%d repeats what it refused: %s", res.StatusCode, body))
		}
		if media := res.Header.Get("Content-Type"); media != "application/problem+json" {
			wrong = append(wrong, fmt.Sprintf("%d is %s, no problem document: %.200s", res.StatusCode, media, body))
		}
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	if ok, list := r.check.GetResponseBodyValidator().ValidateResponseBody(req, res); !ok {
		for _, e := range list {
			why := e.Message + ": " + e.Reason
			for _, s := range e.SchemaValidationErrors {
				why += "; " + s.Reason + " at " + s.FieldPath
			}
			wrong = append(wrong, fmt.Sprintf("%d is not as described: %s: %.300s", res.StatusCode, why, body))
		}
	}
	r.harvest(op, res, body)
	return wrong, nil
}

// harvest remembers ids, versions and cursors, for requests to come.
func (r *Run) harvest(op operation, res *http.Response, body []byte) {
	keep := func(name, v string) {
		if v != "" && len(r.made.seen[name]) < 50 {
			r.made.seen[name] = append(r.made.seen[name], v)
		}
	}
	keep("etag", res.Header.Get("ETag"))
	var doc map[string]any
	if res.StatusCode >= 300 || json.Unmarshal(body, &doc) != nil {
		return
	}
	next, _ := doc["next"].(string)
	keep("next", next)
	items, _ := doc["items"].([]any)
	for _, one := range append(items, doc) {
		m, _ := one.(map[string]any)
		id, _ := m["id"].(string)
		keep(nameOf(op, "id"), id)
		for _, name := range []string{"project", "person", "portfolio"} {
			v, _ := m[name].(string)
			keep(name, v)
		}
		for _, a := range listOf(m["answers"]) {
			answer, _ := a.(map[string]any)
			id, _ := answer["id"].(string)
			keep("answer", id)
		}
	}
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

func plain(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
