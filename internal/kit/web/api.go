package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// Operation is one operation of the API, ready to be mounted under /api/v1.
type Operation struct {
	ID      string
	Method  string
	Path    string // below /api/v1
	Action  authz.Action
	Summary string
	mount   func(huma.API)
}

// Spec describes an operation of the API.
type Spec struct {
	ID      string // camelCase, unique
	Method  string
	Path    string // below /api/v1, "/projects/{id}"
	Tag     string // the noun: "projects"
	Action  authz.Action
	Summary string
	Details string
	Status  int   // of success; 200 unless said
	MaxBody int64 // bytes; 1 MiB unless said
}

// Op makes an operation from a function of typed input and output (struct tags
// as huma reads them). Errors become problem documents (RFC 9457).
func Op[I, O any](s Spec, handle func(ctx context.Context, who authz.Actor, in *I) (*O, error)) Operation {
	return Operation{
		ID: s.ID, Method: s.Method, Path: s.Path, Action: s.Action, Summary: s.Summary,
		mount: func(api huma.API) {
			if s.MaxBody == 0 {
				s.MaxBody = maxForm
			}
			huma.Register(api, huma.Operation{
				OperationID: s.ID, Method: s.Method, Path: s.Path, Summary: s.Summary, Description: s.Details,
				Tags: []string{s.Tag}, DefaultStatus: s.Status, MaxBodyBytes: s.MaxBody,
				Security: []map[string][]string{{"bearer": {}}},
				Errors:   apiErrors(s.Method),
			}, func(ctx context.Context, in *I) (*O, error) {
				who, _ := ctx.Value(actorKey{}).(authz.Actor) // the middleware always sets it
				out, err := handle(ctx, who, in)
				return out, problem(err)
			})
		},
	}
}

func apiErrors(method string) []int {
	list := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusInternalServerError}
	if method != http.MethodGet {
		list = append(list, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	return list
}

type actorKey struct{}

// APIConfig is the configuration of the API's description: no links to other
// hosts, no schema links in answers, rejected values never echoed.
func APIConfig(version, url string) huma.Config {
	cfg := huma.DefaultConfig("Cairn", version)
	cfg.DocsPath, cfg.SchemasPath = "", ""
	cfg.CreateHooks = nil
	cfg.Info.Description = "The working system of a PMO. Bearer tokens; problem documents (RFC 9457); keyset paging; ETag with If-Match."
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
				d.Value = nil // what was rejected may be a secret
			}
		}
		return e
	}
}

func (s *Server) mountAPI(mux *http.ServeMux) {
	api := s.api(mux)
	for _, op := range s.ops {
		op.mount(api)
	}
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, errs.New(errs.NotFound, "There is no such address in the API."))
	})
}

func (s *Server) api(mux *http.ServeMux) huma.API {
	api := humago.NewWithPrefix(mux, "/api/v1", APIConfig(s.cfg.Version, s.cfg.URL))
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		who, err := s.bearer(ctx)
		if err != nil {
			e := problem(err)
			var se huma.StatusError
			if errors.As(e, &se) {
				_ = huma.WriteErr(api, ctx, se.GetStatus(), se.Error()) // the connection may be gone
			}
			return
		}
		next(huma.WithValue(ctx, actorKey{}, who))
	})
	return api
}

func (s *Server) bearer(ctx huma.Context) (authz.Actor, error) {
	token, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
	if !ok || token == "" {
		return authz.Actor{}, errs.New(errs.Unauthenticated, "Send a token: Authorization: Bearer ...")
	}
	return s.cfg.Identity.ByToken(ctx.Context(), token)
}

// OpenAPI gives the description of the API as YAML: the golden docs/openapi.yaml.
func OpenAPI(version, url string, ops []Operation) ([]byte, error) {
	api := humago.NewWithPrefix(http.NewServeMux(), "/api/v1", APIConfig(version, url))
	for _, op := range ops {
		op.mount(api)
	}
	return api.OpenAPI().YAML()
}

// problem turns an error into huma's problem document.
func problem(err error) error {
	if err == nil {
		return nil
	}
	kind := errs.KindOf(err)
	m := &huma.ErrorModel{Status: StatusOf(kind), Title: titles[kind], Detail: MessageOf(err), Type: "about:blank"}
	for _, f := range errs.FieldsOf(err) {
		m.Errors = append(m.Errors, &huma.ErrorDetail{Location: f.Name, Message: f.Message})
	}
	return m
}

// IfMatch is the header of a change: the version that it is based on. Embed it
// in an operation's input.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the version that the change is based on."`
}

// Version reads the number inside the ETag; 428 without one.
func (m IfMatch) Version() (int64, error) {
	if m.IfMatch == "" {
		return 0, errs.New(errs.PreconditionRequired, "Send If-Match with the ETag of the version that you read.")
	}
	return parseETag(m.IfMatch)
}
