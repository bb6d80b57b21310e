package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// Operation is one operation of the API, ready to be mounted under /api/v1.
type Operation struct {
	Spec
	mount func(huma.API)
}

// Spec describes an operation of the API.
type Spec struct {
	ID      string // camelCase, unique
	Method  string
	Path    string // below /api/v1, "/projects/{id}"
	Tag     string // the noun: "projects"
	Action  authz.Action
	Scope   Scope // what a token needs; "read" for GET and "TAG:write" for the rest unless said
	Summary string
	Details string
	Status  int      // of success; 200 unless said
	MaxBody int64    // bytes; 1 MiB unless said
	Media   []string // of a file that is answered; JSON unless said
	Object  bool     // a file in JSON is one object, and not a list
	Takes   string   // media type of a body that the operation reads itself, as it comes
}

// Op makes an operation from a function of typed input and output (struct tags
// as huma reads them). Errors become problem documents (RFC 9457).
func Op[I, O any](s Spec, handle func(ctx context.Context, who authz.Actor, in *I) (*O, error)) Operation {
	if s.Scope == "" {
		s.Scope = usualScope(s.Method, s.Tag)
	}
	if s.MaxBody == 0 {
		s.MaxBody = maxForm
	}
	at := placesOf(reflect.TypeFor[I]())
	return Operation{Spec: s, mount: func(api huma.API) {
		huma.Register(api, s.described(), func(ctx context.Context, in *I) (*O, error) {
			if err := refuseNoText(in); err != nil {
				return nil, problem(err, at)
			}
			c, _ := ctx.Value(callKey{}).(call) // the middleware always sets it
			out, err := handle(ctx, c.who, in)
			if err != nil && errs.KindOf(err) == errs.Internal && c.log != nil {
				c.log.Error("request failed", "operation", s.ID, "error", err.Error())
			}
			return out, problem(err, at)
		})
	}}
}

// described is the operation in the words of the description.
func (s Spec) described() huma.Operation {
	op := huma.Operation{
		OperationID: s.ID, Method: s.Method, Path: s.Path, Summary: s.Summary, Tags: []string{s.Tag},
		Description:   strings.TrimSpace(s.Details + "\n\nNeeds the scope `" + string(s.Scope) + "` and the right `" + string(s.Action) + "`."),
		DefaultStatus: s.Status, MaxBodyBytes: s.MaxBody, Errors: s.errors(),
		Security: []map[string][]string{{"bearer": {string(s.Scope)}}},
		Metadata: map[string]any{"scope": s.Scope},
	}
	if len(s.Media) > 0 {
		files := map[string]*huma.MediaType{}
		for _, m := range s.Media {
			files[m] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
			if m == "application/json" {
				files[m].Schema = &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeString}}}
				if s.Object {
					files[m].Schema = &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
				}
			}
		}
		op.Responses = map[string]*huma.Response{"200": {Description: "A file", Content: files}}
	}
	if s.Takes != "" {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{s.Takes: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	}
	if s.Method == http.MethodPost {
		op.Parameters = []*huma.Param{idempotencyParam()}
	}
	return op
}

func (s Spec) errors() []int {
	list := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if s.Method != http.MethodGet {
		list = append(list, http.StatusBadRequest, http.StatusConflict, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusPreconditionRequired)
	}
	return list
}

type callKey struct{}

// call is who calls an operation, and where its failures are written down.
type call struct {
	who authz.Actor
	log *slog.Logger
}

// APIConfig is the configuration of the API's description: no links to other
// hosts, no schema links in answers, rejected values never echoed.
func APIConfig(version, url string) huma.Config {
	cfg := huma.DefaultConfig("Cairn", version)
	cfg.DocsPath, cfg.SchemasPath = "", ""
	cfg.CreateHooks = nil
	cfg.Info.Description = "The working system of a PMO. Bearer tokens; problem documents (RFC 9457); keyset paging; ETag with If-Match."
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.Servers = []*huma.Server{{URL: strings.TrimSuffix(url, "/") + "/api/v1"}}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A token that a person makes in their account."},
	}
	return cfg
}

func init() {
	made := huma.NewError
	huma.NewError = func(status int, msg string, list ...error) huma.StatusError {
		e := made(status, msg, list...)
		var m *huma.ErrorModel
		if errors.As(e, &m) {
			for _, d := range m.Errors {
				d.Value, d.Location = nil, pointer(d.Location) // what was rejected may be a secret
			}
		}
		return e
	}
}

// mountAPI mounts the operations when the first of them is called: their schemas
// are most of what a start would build, and many a process serves pages alone.
func (s *Server) mountAPI(mux *http.ServeMux) {
	mounted := sync.OnceValue(func() http.Handler {
		ops := http.NewServeMux()
		api := s.api(ops)
		for _, op := range s.ops {
			op.mount(api)
		}
		ops.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
			writeProblem(w, errs.New(errs.NotFound, "There is no such address in the API."))
		})
		return ops
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { mounted().ServeHTTP(w, r) })
}

func (s *Server) api(mux *http.ServeMux) huma.API {
	api := humago.NewWithPrefix(mux, "/api/v1", APIConfig(s.cfg.Version, s.cfg.URL))
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		who, err := s.bearer(ctx)
		if err != nil {
			refuse(api, ctx, err)
			return
		}
		next(huma.WithValue(ctx, callKey{}, call{who, s.cfg.Log}))
	}, s.once(api))
	return api
}

// nouns are the tags of the description, in the order of its operations.
func nouns(ops []Operation) (out []*huma.Tag) {
	seen := map[string]bool{}
	for _, op := range ops {
		if !seen[op.Tag] {
			seen[op.Tag] = true
			out = append(out, &huma.Tag{Name: op.Tag, Description: "Operations on " + strings.ReplaceAll(op.Tag, "-", " ") + "."})
		}
	}
	return out
}

// refuse answers before the operation is reached.
func refuse(api huma.API, ctx huma.Context, err error) {
	e := problem(err, nil)
	if wait := waitOf(err); wait != "" {
		ctx.SetHeader("Retry-After", wait)
	}
	var m *huma.ErrorModel
	if errors.As(e, &m) {
		places := make([]error, len(m.Errors))
		for i, d := range m.Errors {
			places[i] = d
		}
		_ = huma.WriteErr(api, ctx, m.Status, m.Detail, places...) // the connection may be gone
	}
}

// bearer finds who a token acts for and holds the operation to its scopes.
func (s *Server) bearer(ctx huma.Context) (authz.Actor, error) {
	secret, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
	if !ok || secret == "" {
		return authz.Actor{}, errs.New(errs.Unauthenticated, "Send a token: Authorization: Bearer ...")
	}
	token, err := s.cfg.Identity.ByToken(ctx.Context(), secret)
	if err != nil {
		return authz.Actor{}, err
	}
	need, _ := ctx.Operation().Metadata["scope"].(Scope) // Op always sets it
	if !slices.Contains(token.Scopes, need) {
		return authz.Actor{}, errs.New(errs.Forbidden, "This token lacks the scope %s.", need)
	}
	return token.Actor, nil
}

// OpenAPI gives the description of the API as YAML: the golden docs/openapi.yaml.
func OpenAPI(version, url string, ops []Operation) ([]byte, error) {
	return Description(version, url, ops).YAML()
}

// Description is the description of the API.
func Description(version, url string, ops []Operation) *huma.OpenAPI {
	api := humago.NewWithPrefix(http.NewServeMux(), "/api/v1", APIConfig(version, url))
	for _, op := range ops {
		op.mount(api)
	}
	api.OpenAPI().Tags = nouns(ops)
	return api.OpenAPI()
}

// problem turns an error into huma's problem document. Its fields become JSON
// pointers into the body, or query.NAME and path.NAME.
func problem(err error, at places) error {
	if err == nil {
		return nil
	}
	kind := errs.KindOf(err)
	m := &huma.ErrorModel{Status: StatusOf(kind), Title: titles[kind], Detail: MessageOf(err), Type: "about:blank"}
	for _, f := range errs.FieldsOf(err) {
		m.Errors = append(m.Errors, &huma.ErrorDetail{Location: at.of(f.Name), Message: f.Message})
	}
	return m
}

// IfMatch is the header of a change: the version that it is based on. Embed it
// in an operation's input.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the version that the change is based on."`
}

// Version reads the number inside the ETag; 428 without one. No thing that is there
// has a version below 1, which services take for "any".
func (m IfMatch) Version() (int64, error) {
	n, err := m.VersionOrNone()
	if err == nil && n < 1 {
		return 0, errs.New(errs.Conflict, "If-Match names no version of this. Read it again.")
	}
	return n, err
}

// VersionOrNone is Version for what may be made by the change; "0" says that there is none.
func (m IfMatch) VersionOrNone() (int64, error) {
	if m.IfMatch == "" {
		return 0, errs.New(errs.PreconditionRequired, "Send If-Match with the ETag of the version that you read.")
	}
	return parseETag(m.IfMatch)
}
