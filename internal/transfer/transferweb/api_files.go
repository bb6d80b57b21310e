package transferweb

import (
	"context"
	"net/http"
	"strconv"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/transfer"
)

type importIDInput struct {
	ID string `path:"id" maxLength:"36"`
}

type oneImportOutput struct{ Body importJSON }

type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Name        string `header:"Content-Disposition"`
	Body        []byte
}

type exportInput struct {
	Format  string `query:"format" enum:"csv,xlsx,json" default:"csv"`
	Find    string `query:"find" maxLength:"200"`
	Under   string `query:"under" maxLength:"36" doc:"Id of a portfolio or programme."`
	Status  string `query:"status" maxLength:"100"`
	Rating  string `query:"rating" maxLength:"20"`
	OrgUnit string `query:"org_unit" maxLength:"200"`
	Person  string `query:"person" maxLength:"36"`
	AsAt    string `query:"as_at" maxLength:"10"`
	KnownAt string `query:"known_at" maxLength:"10"`
	Sort    string `query:"sort" maxLength:"20"`
	Desc    bool   `query:"desc"`
}

func (in *exportInput) get(name string) string {
	switch name {
	case "find":
		return in.Find
	case "under":
		return in.Under
	case "status":
		return in.Status
	case "rating":
		return in.Rating
	case "org_unit":
		return in.OrgUnit
	case "person":
		return in.Person
	case "as_at":
		return in.AsAt
	case "known_at":
		return in.KnownAt
	case "sort":
		return in.Sort
	case "desc":
		return map[bool]string{true: strconv.FormatBool(true)}[in.Desc]
	}
	return ""
}

type kindInput struct {
	Kind string `query:"kind" maxLength:"20" doc:"gates for past gate decisions; projects when it is empty."`
}

type profilesOutput struct {
	Body struct {
		Items []string `json:"items" nullable:"false"`
	}
}

type profileInput struct {
	Kind string `query:"kind" maxLength:"20" doc:"gates for past gate decisions; projects when it is empty."`
	Name string `path:"name" maxLength:"100"`
}

type profileOutput struct {
	ETag string `header:"ETag"`
	Body transfer.Plan
}

type keepProfileInput struct {
	web.IfMatch
	Name string `path:"name" maxLength:"100"`
	Body transfer.Plan
}

type comparedInput struct {
	Format string `query:"format" enum:"csv,xlsx,json" default:"csv"`
	From   string `query:"from" required:"true" maxLength:"10" doc:"A past date."`
	To     string `query:"to" maxLength:"10" doc:"A later date; today if absent."`
	Known  string `query:"known" enum:"now,then" default:"now" doc:"Both dates as they are known now, or each as it was known when it ended."`
	Under  string `query:"under" maxLength:"36" doc:"Id of a portfolio or programme."`
	Field  string `query:"field" maxLength:"200"`
	Only   string `query:"only" enum:"worse,slipped,dearer,closed,added"`
}

func (in *comparedInput) get(name string) string {
	return map[string]string{"from": in.From, "to": in.To, "known": in.Known, "under": in.Under, "field": in.Field, "only": in.Only}[name]
}

// filesAPI is exports, what became of imports, and how files are read.
func (w *Web) filesAPI() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "exportProjects", Method: http.MethodGet, Path: "/projects/export", Tag: "projects", Action: transfer.TakeAway, Summary: "Take the projects that one sees away as a file", Media: []string{transfer.CSV.MediaType(), transfer.XLSX.MediaType(), transfer.JSON.MediaType()}}, w.apiExport),
		web.Op(web.Spec{ID: "exportChanges", Method: http.MethodGet, Path: "/changes/export", Tag: "projects", Action: transfer.TakeAway, Summary: "Take a comparison of the register on two dates away as a file", Details: "One row for each field of each project that differs. More projects than are compared at once are refused, so that no file leaves some out.", Media: []string{transfer.CSV.MediaType(), transfer.XLSX.MediaType(), transfer.JSON.MediaType()}}, w.apiCompared),
		web.Op(web.Spec{ID: "getImport", Method: http.MethodGet, Path: "/imports/{id}", Tag: "imports", Action: transfer.Import, Summary: "Read what an import did"}, w.apiImported),
		web.Op(web.Spec{ID: "getRefusedRows", Method: http.MethodGet, Path: "/imports/{id}/refused", Tag: "imports", Action: transfer.Import, Summary: "Get the refused rows of an import back, with their reasons", Media: []string{transfer.CSV.MediaType()}}, w.apiRefused),
		web.Op(web.Spec{ID: "listImportProfiles", Method: http.MethodGet, Path: "/import-profiles", Tag: "imports", Action: transfer.Import, Summary: "List the remembered ways of reading a source"}, w.apiProfiles),
		web.Op(web.Spec{ID: "getImportProfile", Method: http.MethodGet, Path: "/import-profiles/{name}", Tag: "imports", Action: transfer.Import, Summary: "Read which column is taken for what"}, w.apiProfile),
		web.Op(web.Spec{ID: "keepImportProfile", Method: http.MethodPut, Path: "/import-profiles/{name}", Tag: "imports", Action: transfer.Import, Summary: "Say which column is taken for what", Details: "If-Match is \"0\" for a new one. Then import with ?profile=NAME, and with &dry_run=true to see what it would do."}, w.apiKeepProfile),
	}
}

func (w *Web) apiExport(ctx context.Context, who authz.Actor, in *exportInput) (*fileOutput, error) {
	format := transfer.Format(in.Format)
	b, err := w.files.Export(ctx, who, format, in.get)
	if err != nil {
		return nil, err
	}
	return &fileOutput{format.MediaType(), `attachment; filename="projects.` + in.Format + `"`, b}, nil
}

func (w *Web) apiCompared(ctx context.Context, who authz.Actor, in *comparedInput) (*fileOutput, error) {
	format := transfer.Format(in.Format)
	b, err := w.files.ExportCompared(ctx, who, format, in.get)
	if err != nil {
		return nil, err
	}
	return &fileOutput{format.MediaType(), `attachment; filename="changes.` + in.Format + `"`, b}, nil
}

func (w *Web) apiImported(ctx context.Context, who authz.Actor, in *importIDInput) (*oneImportOutput, error) {
	p, _, err := w.files.Import(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneImportOutput{pastJSON(p)}, nil
}

func (w *Web) apiRefused(ctx context.Context, who authz.Actor, in *importIDInput) (*fileOutput, error) {
	_, refused, err := w.files.Import(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &fileOutput{transfer.CSV.MediaType(), `attachment; filename="refused.csv"`, []byte(refused)}, nil
}

func (w *Web) apiProfiles(ctx context.Context, who authz.Actor, in *kindInput) (*profilesOutput, error) {
	list, err := w.files.Profiles(ctx, who, in.Kind)
	if err != nil {
		return nil, err
	}
	out := &profilesOutput{}
	out.Body.Items = append([]string{}, list...)
	return out, nil
}

func (w *Web) apiProfile(ctx context.Context, who authz.Actor, in *profileInput) (*profileOutput, error) {
	p, version, err := w.files.ProfileAt(ctx, who, in.Kind, in.Name)
	if err != nil {
		return nil, err
	}
	return &profileOutput{web.ETag(version), p}, nil
}

func (w *Web) apiKeepProfile(ctx context.Context, who authz.Actor, in *keepProfileInput) (*profileOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	if err := w.files.KeepProfile(ctx, who, in.Name, version, in.Body); err != nil {
		return nil, err
	}
	return w.apiProfile(ctx, who, &profileInput{in.Body.Kind, in.Name})
}
