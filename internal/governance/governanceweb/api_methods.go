package governanceweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type methodVersionJSON struct {
	ID          string              `json:"id"`
	Method      string              `json:"method" example:"cairn-full"`
	Number      int                 `json:"number"`
	Name        string              `json:"name"`
	SHA256      string              `json:"sha256"`
	BasedOn     string              `json:"based_on,omitempty" doc:"Id of a version."`
	Changes     string              `json:"changes" doc:"What changed and why, in words."`
	Reasons     []governance.Reason `json:"reasons" nullable:"false"`
	PublishedBy string              `json:"published_by,omitempty" doc:"Name; absent for what comes with Cairn."`
	PublishedAt time.Time           `json:"published_at"`
	Projects    int                 `json:"projects" doc:"That follow it now and that you see."`
}

func versionJSON(v governance.Version) methodVersionJSON {
	return methodVersionJSON{v.ID, v.Method, v.Number, v.Name, v.SHA256, v.BasedOn, v.Changes, full(v.Reasons), v.ByName, time.UnixMicro(v.At).UTC(), v.Projects}
}

type methodsOutput struct {
	Body struct {
		Items []methodVersionJSON `json:"items" nullable:"false" doc:"All versions of all methods, by method and newest first."`
	}
}

type methodVersionInput struct {
	ID string `path:"id" maxLength:"36"`
}

type methodChangeJSON struct {
	Kind string `json:"kind" enum:"added,removed,changed"`
	Part string `json:"part"`
	ID   string `json:"id,omitempty"`
	Of   string `json:"of,omitempty"`
	Name string `json:"name"`
	What string `json:"what,omitempty"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

type methodAdoptedJSON struct {
	Day    string `json:"day"`
	Follow int    `json:"follow"`
	Of     int    `json:"of"`
}

type methodVersionOutput struct {
	Body struct {
		Version  methodVersionJSON   `json:"version"`
		Diff     []methodChangeJSON  `json:"diff" nullable:"false" doc:"Against the version that it was based on."`
		Adoption []methodAdoptedJSON `json:"adoption" nullable:"false" doc:"How many projects followed it or a later one, over twelve months."`
	}
}

type methodFileOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

type methodProblemJSON struct {
	Line    int    `json:"line" doc:"From 1."`
	Column  int    `json:"column"`
	Path    string `json:"path" example:"controls/ri-02/due"`
	Message string `json:"message"`
}

type methodDraftInput struct {
	Method string `path:"method" maxLength:"60"`
}

type methodDraftOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Method   string              `json:"method"`
		BasedOn  string              `json:"based_on,omitempty"`
		Text     string              `json:"text"`
		Changes  string              `json:"changes"`
		Reasons  []governance.Reason `json:"reasons" nullable:"false"`
		Problems []methodProblemJSON `json:"problems" nullable:"false" doc:"What keeps it from being published."`
		Diff     []methodChangeJSON  `json:"diff" nullable:"false"`
	}
}

type putMethodDraftInput struct {
	web.IfMatch
	Method string `path:"method" maxLength:"60"`
	Body   struct {
		Text    string              `json:"text" maxLength:"1000000"`
		Changes string              `json:"changes,omitempty"`
		Reasons []governance.Reason `json:"reasons,omitempty" maxItems:"20"`
	}
}

type publishMethodInput struct {
	web.IfMatch
	Method string `path:"method" maxLength:"60"`
}

type methodEffectJSON struct {
	Project       string   `json:"project"`
	Name          string   `json:"name"`
	Number        int      `json:"number" doc:"Of the version that it follows now."`
	From          string   `json:"tier"`
	To            string   `json:"tier_then"`
	GatesMore     []string `json:"gates_more" nullable:"false"`
	GatesLess     []string `json:"gates_less" nullable:"false"`
	ControlsMore  []string `json:"controls_more" nullable:"false"`
	ControlsLess  []string `json:"controls_less" nullable:"false"`
	DocumentsMore []string `json:"documents_more" nullable:"false"`
	DocumentsLess []string `json:"documents_less" nullable:"false"`
	Minutes       float64  `json:"minutes_a_month"`
	MinutesThen   float64  `json:"minutes_a_month_then"`
}

type methodImpactOutput struct {
	Body struct {
		Looked    int                `json:"looked" doc:"Projects that follow the method and that you see."`
		Sentences []string           `json:"sentences" nullable:"false"`
		Effects   []methodEffectJSON `json:"effects" nullable:"false"`
	}
}

func (w *Web) methodOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listMethods", Method: http.MethodGet, Path: "/methods", Tag: "methods", Action: governance.SeeMethods, Summary: "List methods with their versions"}, w.apiMethods),
		web.Op(web.Spec{ID: "getMethodVersion", Method: http.MethodGet, Path: "/methods/versions/{id}", Tag: "methods", Action: governance.SeeMethods, Summary: "Read a version: what changed and who follows it"}, w.apiVersion),
		web.Op(web.Spec{ID: "downloadMethod", Method: http.MethodGet, Path: "/methods/versions/{id}/file", Tag: "methods", Action: governance.SeeMethods, Summary: "Export a version as YAML", Media: []string{"application/yaml"}}, w.apiMethodFile),
		web.Op(web.Spec{ID: "getMethodDraft", Method: http.MethodGet, Path: "/methods/drafts/{method}", Tag: "methods", Action: governance.WriteMethods, Summary: "Read the draft of a method, or what one would begin with"}, w.apiDraft),
		web.Op(web.Spec{ID: "putMethodDraft", Method: http.MethodPut, Path: "/methods/drafts/{method}", Tag: "methods", Action: governance.WriteMethods, Summary: "Keep the draft of a method", Details: "A wrong text is kept too; its problems are in the answer and keep it from being published."}, w.apiPutDraft),
		web.Op(web.Spec{ID: "dropMethodDraft", Method: http.MethodDelete, Path: "/methods/drafts/{method}", Tag: "methods", Action: governance.WriteMethods, Summary: "Throw the draft of a method away", Status: http.StatusNoContent}, w.apiDropDraft),
		web.Op(web.Spec{ID: "tryMethodDraft", Method: http.MethodGet, Path: "/methods/drafts/{method}/effects", Tag: "methods", Action: governance.WriteMethods, Summary: "Tell what the draft would change for the projects that run"}, w.apiTryDraft),
		web.Op(web.Spec{ID: "publishMethodDraft", Method: http.MethodPost, Path: "/methods/drafts/{method}/publish", Tag: "methods", Action: governance.PublishMethods, Summary: "Publish the draft as the next version, for good", Status: http.StatusCreated}, w.apiPublish),
		web.Op(web.Spec{ID: "getMethodMoves", Method: http.MethodGet, Path: "/methods/versions/{id}/effects", Tag: "methods", Action: governance.SeeMethods, Summary: "Tell what moving to a version would change for each project on another one"}, w.apiMoving),
	}
}

func (w *Web) apiMethods(ctx context.Context, who authz.Actor, _ *nothing) (*methodsOutput, error) {
	list, _, err := w.gov.Methods(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &methodsOutput{}
	out.Body.Items = make([]methodVersionJSON, 0, len(list))
	for _, v := range list {
		out.Body.Items = append(out.Body.Items, versionJSON(v))
	}
	return out, nil
}

func diffJSON(base, m *method.Method) []methodChangeJSON {
	out := []methodChangeJSON{}
	if base == nil || m == nil {
		return out
	}
	for _, c := range method.Diff(base, m) {
		out = append(out, methodChangeJSON{string(c.Kind), c.Part, c.ID, c.Of, c.Name, c.What, c.From, c.To})
	}
	return out
}

func (w *Web) apiVersion(ctx context.Context, who authz.Actor, in *methodVersionInput) (*methodVersionOutput, error) {
	v, m, base, err := w.gov.Method(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	adopted, err := w.gov.Adoption(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &methodVersionOutput{}
	out.Body.Version, out.Body.Diff, out.Body.Adoption = versionJSON(v), diffJSON(base, m), []methodAdoptedJSON{}
	for _, a := range adopted {
		out.Body.Adoption = append(out.Body.Adoption, methodAdoptedJSON{a.Day, a.Follow, a.Of})
	}
	return out, nil
}

func (w *Web) apiMethodFile(ctx context.Context, who authz.Actor, in *methodVersionInput) (*methodFileOutput, error) {
	_, m, _, err := w.gov.Method(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &methodFileOutput{ContentType: "application/yaml", Body: m.Source()}, nil
}

func (w *Web) apiDraft(ctx context.Context, who authz.Actor, in *methodDraftInput) (*methodDraftOutput, error) {
	d, m, base, problems, err := w.gov.DraftOf(ctx, who, in.Method)
	if err != nil {
		return nil, err
	}
	out := &methodDraftOutput{ETag: web.ETag(d.Version)}
	b := &out.Body
	b.Method, b.BasedOn, b.Text, b.Changes, b.Reasons, b.Problems, b.Diff = d.Method, d.BasedOn, d.Text, d.Changes, full(d.Reasons), []methodProblemJSON{}, diffJSON(base, m)
	for _, p := range some(problems) {
		b.Problems = append(b.Problems, methodProblemJSON{p.Line, p.Column, p.Path, p.Message})
	}
	return out, nil
}

func (w *Web) apiPutDraft(ctx context.Context, who authz.Actor, in *putMethodDraftInput) (*methodDraftOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	d, _, _, _, err := w.gov.DraftOf(ctx, who, in.Method)
	if errs.Is(err, errs.NotFound) {
		// A method that is new: its id comes out of its text.
		if _, err := w.importText(ctx, who, in.Method, in.Body.Text); err != nil {
			return nil, err
		}
		return w.apiDraft(ctx, who, &methodDraftInput{in.Method})
	}
	if err != nil {
		return nil, err
	}
	d.Text, d.Changes, d.Reasons, d.Version = in.Body.Text, in.Body.Changes, in.Body.Reasons, version
	if err := w.gov.WriteDraft(ctx, who, d); err != nil {
		return nil, err
	}
	return w.apiDraft(ctx, who, &methodDraftInput{in.Method})
}

// importText makes a text the draft of a method that has none yet.
func (w *Web) importText(ctx context.Context, who authz.Actor, of, text string) (string, error) {
	m, problems := method.Read([]byte(text))
	var c errs.Check
	for _, p := range some(problems) {
		c.Add("text", "%s", p.String())
	}
	if m != nil {
		c.That(m.ID == of, "text", "The text is of %s, and the address of %s.", m.ID, of)
	}
	if err := c.Err(); err != nil {
		return "", err
	}
	id, _, err := w.gov.Import(ctx, who, text)
	return id, err
}

func (w *Web) apiDropDraft(ctx context.Context, who authz.Actor, in *methodDraftInput) (*nothing, error) {
	return &nothing{}, w.gov.DropDraft(ctx, who, in.Method)
}

func impactJSON(i governance.Impact) *methodImpactOutput {
	out := &methodImpactOutput{}
	out.Body.Looked, out.Body.Sentences, out.Body.Effects = i.Looked, full(i.Sentences()), []methodEffectJSON{}
	for _, e := range i.Effects {
		out.Body.Effects = append(out.Body.Effects, methodEffectJSON{
			e.Project, e.Name, e.Number, e.From.String(), e.To.String(), full(e.GatesMore), full(e.GatesLess), full(e.ControlsMore), full(e.ControlsLess),
			full(e.DocumentsMore), full(e.DocumentsLess), e.MinutesFrom, e.MinutesTo,
		})
	}
	return out
}

func (w *Web) apiTryDraft(ctx context.Context, who authz.Actor, in *methodDraftInput) (*methodImpactOutput, error) {
	i, err := w.gov.TryDraft(ctx, who, in.Method)
	if err != nil {
		return nil, err
	}
	return impactJSON(i), nil
}

func (w *Web) apiPublish(ctx context.Context, who authz.Actor, in *publishMethodInput) (*methodVersionOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	v, err := w.gov.Publish(ctx, who, in.Method, version)
	if err != nil {
		return nil, err
	}
	return w.apiVersion(ctx, who, &methodVersionInput{v.ID})
}

func (w *Web) apiMoving(ctx context.Context, who authz.Actor, in *methodVersionInput) (*methodImpactOutput, error) {
	i, _, err := w.gov.Moving(ctx, who, in.ID, nil)
	if err != nil {
		return nil, err
	}
	return impactJSON(i), nil
}
