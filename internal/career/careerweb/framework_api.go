package careerweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/career"
	"cairn/internal/career/framework"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type frameworkVersionJSON struct {
	ID          string    `json:"id"`
	Number      int       `json:"number"`
	Framework   string    `json:"framework" example:"cairn-default"`
	Title       string    `json:"title"`
	SHA256      string    `json:"sha256"`
	InForce     bool      `json:"in_force" doc:"Standings are computed by it."`
	BasedOn     string    `json:"based_on,omitempty" doc:"Id of a version."`
	Changes     string    `json:"changes" doc:"What changed and why, in words."`
	PublishedBy string    `json:"published_by,omitempty" doc:"Name; absent for what comes with Cairn."`
	PublishedAt time.Time `json:"published_at"`
}

func frameworkVersion(v career.FrameworkVersion) frameworkVersionJSON {
	return frameworkVersionJSON{v.ID, v.Number, v.Framework, v.Title, v.SHA256, v.InForce, v.BasedOn, v.Changes, v.ByName, time.UnixMicro(v.At).UTC()}
}

type frameworkRoleJSON struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Purpose      string   `json:"purpose"`
	Need         string   `json:"project_management" doc:"required, one_way or irrelevant: must one have managed a project?"`
	Requirements []string `json:"requirements" nullable:"false" doc:"In words."`
}

type frameworkLevelJSON struct {
	Level      int    `json:"level"`
	Observable string `json:"observable"`
	Rule       string `json:"rule,omitempty" doc:"In words."`
}

type frameworkCompetencyJSON struct {
	ID          string               `json:"id"`
	Area        string               `json:"area"`
	Name        string               `json:"name"`
	Meaning     string               `json:"meaning"`
	Codes       []string             `json:"codes" nullable:"false" doc:"Of other frameworks, as this organisation attached them."`
	Application []frameworkLevelJSON `json:"application" nullable:"false"`
	Knowledge   []frameworkLevelJSON `json:"knowledge" nullable:"false"`
}

type frameworkOptionJSON struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Hours  int      `json:"hours"`
	Weeks  int      `json:"weeks"`
	Yields []string `json:"yields" nullable:"false" doc:"In words."`
	After  string   `json:"after" doc:"In words."`
}

type frameworkListOutput struct {
	Body struct {
		Items []frameworkVersionJSON `json:"items" nullable:"false" doc:"Newest first."`
	}
}

type frameworkInput struct {
	ID string `path:"id" maxLength:"36" doc:"Id of a version, or in-force."`
}

type frameworkOutput struct {
	Body struct {
		Version      frameworkVersionJSON      `json:"version"`
		Roles        []frameworkRoleJSON       `json:"roles" nullable:"false"`
		Competencies []frameworkCompetencyJSON `json:"competencies" nullable:"false"`
		Options      []frameworkOptionJSON     `json:"options" nullable:"false"`
	}
}

type frameworkFileOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

type frameworkDiffInput struct {
	ID      string `path:"id" maxLength:"36" doc:"Id of a version, or in-force."`
	Against string `query:"against" maxLength:"36" doc:"Id of another version; by default the one that it was based on."`
}

type frameworkChangeJSON struct {
	Kind string `json:"kind" enum:"added,removed,changed"`
	Part string `json:"part"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	Says string `json:"says"`
	From string `json:"from,omitempty" doc:"Of texts: what it was."`
	To   string `json:"to,omitempty" doc:"Of texts: what it is."`
}

type frameworkDiffOutput struct {
	Body struct {
		Version frameworkVersionJSON  `json:"version"`
		Against string                `json:"against,omitempty" doc:"Id of the other version; absent for the first."`
		Changes []frameworkChangeJSON `json:"changes" nullable:"false"`
	}
}

type frameworkProblemJSON struct {
	Line  int    `json:"line" doc:"From 1."`
	Path  string `json:"path" example:"roles/pmo_analyst/requirements/2/competency"`
	Says  string `json:"says"`
	Warns bool   `json:"warns" doc:"Worth a thought, and no reason not to publish."`
}

type frameworkDraftOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		BasedOn  string                 `json:"based_on,omitempty"`
		Text     string                 `json:"text" doc:"YAML."`
		Changes  string                 `json:"changes"`
		Problems []frameworkProblemJSON `json:"problems" nullable:"false" doc:"What keeps it from being published, and warnings."`
		Diff     []frameworkChangeJSON  `json:"diff" nullable:"false" doc:"Against the version that it began with."`
		Effects  []string               `json:"effects" nullable:"false" doc:"What it would mean for the invented people of the framework."`
	}
}

type putFrameworkInput struct {
	web.IfMatch
	Body struct {
		Text    string `json:"text" maxLength:"1000000" doc:"YAML."`
		Changes string `json:"changes,omitempty" maxLength:"4000"`
	}
}

type publishFrameworkInput struct{ web.IfMatch }

func (w *Web) frameworkOperations() []web.Operation {
	const tag = "frameworks"
	return []web.Operation{
		web.Op(web.Spec{ID: "listFrameworks", Method: http.MethodGet, Path: "/frameworks", Tag: tag, Action: career.SeeFramework, Summary: "List the published versions of the career framework"}, w.apiFrameworks),
		web.Op(web.Spec{ID: "getFrameworkDraft", Method: http.MethodGet, Path: "/frameworks/draft", Tag: tag, Action: career.WriteFramework, Summary: "Read the draft, or what one would begin with"}, w.apiFrameworkDraft),
		web.Op(web.Spec{ID: "putFrameworkDraft", Method: http.MethodPut, Path: "/frameworks/draft", Tag: tag, Action: career.WriteFramework, MaxBody: 2 << 20, Summary: "Keep the draft", Details: "A wrong text is kept too; its problems are in the answer, by line, and keep it from being published."}, w.apiPutFramework),
		web.Op(web.Spec{ID: "dropFrameworkDraft", Method: http.MethodDelete, Path: "/frameworks/draft", Tag: tag, Action: career.WriteFramework, Summary: "Throw the draft away", Status: http.StatusNoContent}, w.apiDropFramework),
		web.Op(web.Spec{ID: "publishFrameworkDraft", Method: http.MethodPost, Path: "/frameworks/draft/publish", Tag: tag, Action: career.PublishFramework, Summary: "Publish the draft as the version in force, for good", Status: http.StatusCreated}, w.apiPublishFramework),
		web.Op(web.Spec{ID: "getFramework", Method: http.MethodGet, Path: "/frameworks/{id}", Tag: tag, Action: career.SeeFramework, Summary: "Read a version: roles, competencies and options in words"}, w.apiFramework),
		web.Op(web.Spec{ID: "downloadFramework", Method: http.MethodGet, Path: "/frameworks/{id}/file", Tag: tag, Action: career.SeeFramework, Summary: "Export a version as YAML", Media: []string{"application/yaml"}}, w.apiFrameworkFile),
		web.Op(web.Spec{ID: "downloadFrameworkCASE", Method: http.MethodGet, Path: "/frameworks/{id}/case", Tag: tag, Action: career.SeeFramework, Summary: "Export the competencies of a version as CASE 1.1", Details: framework.CaseNotes}, w.apiFrameworkCase),
		web.Op(web.Spec{ID: "diffFrameworks", Method: http.MethodGet, Path: "/frameworks/{id}/diff", Tag: tag, Action: career.SeeFramework, Summary: "Tell what a version changed, in sentences"}, w.apiFrameworkDiff),
	}
}

func (w *Web) apiFrameworks(ctx context.Context, who authz.Actor, _ *nothing) (*frameworkListOutput, error) {
	list, _, err := w.career.Frameworks(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &frameworkListOutput{}
	out.Body.Items = make([]frameworkVersionJSON, 0, len(list))
	for _, v := range list {
		out.Body.Items = append(out.Body.Items, frameworkVersion(v))
	}
	return out, nil
}

func (w *Web) apiFramework(ctx context.Context, who authz.Actor, in *frameworkInput) (*frameworkOutput, error) {
	v, f, err := w.career.Framework(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &frameworkOutput{}
	b := &out.Body
	b.Version, b.Roles, b.Competencies, b.Options = frameworkVersion(v), []frameworkRoleJSON{}, []frameworkCompetencyJSON{}, []frameworkOptionJSON{}
	for _, r := range f.Roles {
		one := frameworkRoleJSON{r.ID, r.Name, r.Purpose, r.ProjectManagement.Need, []string{}}
		for _, x := range r.Requirements {
			one.Requirements = append(one.Requirements, f.Words(x, f.RoleDefaults))
		}
		b.Roles = append(b.Roles, one)
	}
	for _, c := range f.Competencies {
		one := frameworkCompetencyJSON{c.ID, c.Area, c.Name, c.Meaning, append([]string{}, c.Codes...), []frameworkLevelJSON{}, []frameworkLevelJSON{}}
		for _, l := range c.Application {
			one.Application = append(one.Application, frameworkLevelJSON{l.Level, l.Observable, f.Words(l.Rule, f.LevelDefaults[l.Level])})
		}
		for _, l := range c.Knowledge {
			one.Knowledge = append(one.Knowledge, frameworkLevelJSON{l.Level, l.Observable, ""})
		}
		b.Competencies = append(b.Competencies, one)
	}
	for _, o := range f.Options {
		one := frameworkOptionJSON{o.ID, o.Name, o.Hours, o.ElapsedWeeks, []string{}, optionAfter(f, o)}
		for _, y := range o.Yields {
			one.Yields = append(one.Yields, f.YieldWords(y))
		}
		b.Options = append(b.Options, one)
	}
	return out, nil
}

func (w *Web) apiFrameworkFile(ctx context.Context, who authz.Actor, in *frameworkInput) (*frameworkFileOutput, error) {
	_, text, err := w.career.FrameworkFile(ctx, who, in.ID)
	return &frameworkFileOutput{"application/yaml", text}, err
}

func (w *Web) apiFrameworkCase(ctx context.Context, who authz.Actor, in *frameworkInput) (*frameworkFileOutput, error) {
	v, f, err := w.career.Framework(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	file, err := caseFile(v, f, w.career.Office())
	return &frameworkFileOutput{"application/json", file}, err
}

func changesJSON(list []framework.Change) []frameworkChangeJSON {
	out := make([]frameworkChangeJSON, 0, len(list))
	for _, c := range list {
		out = append(out, frameworkChangeJSON{string(c.Kind), c.Part, c.ID, c.Name, c.Says, c.From, c.To})
	}
	return out
}

func (w *Web) apiFrameworkDiff(ctx context.Context, who authz.Actor, in *frameworkDiffInput) (*frameworkDiffOutput, error) {
	v, base, changes, err := w.career.FrameworkDiff(ctx, who, in.ID, in.Against)
	if err != nil {
		return nil, err
	}
	out := &frameworkDiffOutput{}
	out.Body.Version, out.Body.Against, out.Body.Changes = frameworkVersion(v), base.ID, changesJSON(changes)
	return out, nil
}

func (w *Web) apiFrameworkDraft(ctx context.Context, who authz.Actor, _ *nothing) (*frameworkDraftOutput, error) {
	d, err := w.career.FrameworkDraft(ctx, who)
	if err != nil {
		return nil, err
	}
	changes, people, err := w.career.FrameworkEffects(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &frameworkDraftOutput{ETag: web.ETag(d.Version)}
	b := &out.Body
	b.BasedOn, b.Text, b.Changes, b.Problems, b.Diff, b.Effects = d.BasedOn, d.Text, d.Changes, []frameworkProblemJSON{}, changesJSON(changes), append([]string{}, people...)
	for _, p := range d.Problems {
		b.Problems = append(b.Problems, frameworkProblemJSON{p.Line, p.Path, p.Says, p.Warns})
	}
	return out, nil
}

func (w *Web) apiPutFramework(ctx context.Context, who authz.Actor, in *putFrameworkInput) (*frameworkDraftOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	d, err := w.career.FrameworkDraft(ctx, who)
	if err != nil {
		return nil, err
	}
	d.Text, d.Changes, d.Version = in.Body.Text, in.Body.Changes, version
	if err := w.career.WriteFramework(ctx, who, d); err != nil {
		return nil, err
	}
	return w.apiFrameworkDraft(ctx, who, nil)
}

func (w *Web) apiDropFramework(ctx context.Context, who authz.Actor, _ *nothing) (*nothing, error) {
	return &nothing{}, w.career.DropFramework(ctx, who)
}

func (w *Web) apiPublishFramework(ctx context.Context, who authz.Actor, in *publishFrameworkInput) (*frameworkDiffOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	v, err := w.career.PublishFramework(ctx, who, version)
	if err != nil {
		return nil, err
	}
	return w.apiFrameworkDiff(ctx, who, &frameworkDiffInput{ID: v.ID})
}
