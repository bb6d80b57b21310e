package portfolioweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// factJSON is one fact: a text, or why it is missing.
type factJSON struct {
	Value  string `json:"value,omitempty" doc:"Dates are ISO; money is in minor units (pence); ratings are red, amber_red, amber, amber_green, green."`
	Reason string `json:"missing_reason,omitempty" doc:"Why the value is missing, where the source says so."`
}

type projectJSON struct {
	ID           string              `json:"id"`
	Facts        map[string]factJSON `json:"facts"`
	Programme    string              `json:"programme,omitempty"`
	Confidential bool                `json:"confidential"`
	VanishedFrom string              `json:"vanished_from,omitempty"`
	People       []assignmentJSON    `json:"people,omitempty"`
}

type assignmentJSON struct {
	ID      string `json:"id,omitempty"`
	Project string `json:"project"`
	Person  string `json:"person"`
	Name    string `json:"name,omitempty" readOnly:"true"`
	Kind    string `json:"kind" enum:"project_manager,sponsor,pmo_partner,deputy,support,team"`
	For     string `json:"for,omitempty" doc:"Whom a deputy stands in for."`
	Role    string `json:"role,omitempty" enum:"led,deputised,contributed,supported,observed"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	Origin  string `json:"origin,omitempty" readOnly:"true"`
}

func toJSON(p portfolio.Project) projectJSON {
	out := projectJSON{ID: p.ID, Facts: map[string]factJSON{}, Programme: p.Programme, Confidential: p.Confidential, VanishedFrom: p.VanishedFrom}
	for k, v := range p.Facts {
		out.Facts[string(k)] = factJSON{v.Text, v.Reason}
	}
	for _, a := range p.People {
		out.People = append(out.People, assignmentToJSON(a))
	}
	return out
}

func assignmentToJSON(a portfolio.Assignment) assignmentJSON {
	return assignmentJSON{ID: a.ID, Project: a.Project, Person: a.Person, Name: a.PersonName, Kind: string(a.Kind), For: a.For, Role: string(a.Role), From: a.From, To: a.To, Origin: string(a.Origin)}
}

func factsOf(in map[string]factJSON) portfolio.Facts {
	out := portfolio.Facts{}
	for k, v := range in {
		out[portfolio.Field(k)] = portfolio.Value{Text: v.Value, Reason: v.Reason}
	}
	return out
}

// ProjectsQuery chooses projects in the address of an operation. It is exported
// because only exported structs are read where they are embedded.
type ProjectsQuery struct {
	Find     string `query:"find" maxLength:"200"`
	Under    string `query:"under" maxLength:"36" doc:"Id of a portfolio or programme."`
	Status   string `query:"status" maxLength:"100"`
	Rating   string `query:"rating" maxLength:"20"`
	OrgUnit  string `query:"org_unit" maxLength:"200"`
	Person   string `query:"person" maxLength:"36"`
	Phase    string `query:"phase" maxLength:"200"`
	Category string `query:"category" maxLength:"200"`
	Live     string `query:"live" enum:"yes,no" doc:"yes: neither closed nor cancelled; no: closed or cancelled."`
	Vanished bool   `query:"vanished" doc:"Only those that the newest file of their source no longer holds."`
	Where    string `query:"where" maxLength:"4000" doc:"Any conditions, such as: status is Live and (rating is any of red, amber or end in the next 90 days)."`
	AsAt     string `query:"as_at" maxLength:"10" doc:"The facts that hold on this date; today if absent."`
	KnownAt  string `query:"known_at" maxLength:"10" doc:"As far as Cairn knew them when this day ended; now if absent."`
	Sort     string `query:"sort" maxLength:"200" doc:"name, code, category, org_unit, phase, status, end, budget, rating, or a custom field by which lists sort."`
	Desc     bool   `query:"desc"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After    string `query:"after" maxLength:"1200" doc:"The next of the page before."`
}

type projectsOutput struct {
	Body struct {
		Items    []projectJSON `json:"items" nullable:"false"`
		Count    int           `json:"count" doc:"Over all pages; with more, there are more than that."`
		More     bool          `json:"more,omitempty" doc:"There are more than count: a free filter is counted up to 1,000, and then has no totals."`
		Withheld int           `json:"withheld,omitempty" doc:"Projects of the whole register that the reader may not see; said of the whole register alone."`
		Totals   []totalJSON   `json:"totals" nullable:"false" doc:"Over all pages, one per currency."`
		Next     string        `json:"next,omitempty"`
	}
}

type projectInput struct {
	ID      string `path:"id" maxLength:"36"`
	AsAt    string `query:"as_at" maxLength:"10"`
	KnownAt string `query:"known_at" maxLength:"10"`
}

type projectOutput struct {
	ETag string `header:"ETag"`
	Body projectJSON
}

type addProjectInput struct {
	Body struct {
		AsAt         string              `json:"as_at,omitempty" maxLength:"10"`
		Facts        map[string]factJSON `json:"facts"`
		Confidential bool                `json:"confidential,omitempty"`
	}
}

type changeProjectInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		AsAt  string              `json:"as_at,omitempty" maxLength:"10"`
		Facts map[string]factJSON `json:"facts"`
	}
}

type assignInput struct{ Body assignmentJSON }

type assignmentOutput struct {
	ETag string `header:"ETag"`
	Body assignmentJSON
}

type changeAssignmentInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body assignmentJSON
}

type assignmentsInput struct {
	Project string `query:"project" maxLength:"36"`
	Person  string `query:"person" maxLength:"36"`
}

type assignmentsOutput struct {
	Body struct {
		Items []assignmentJSON `json:"items" nullable:"false"`
	}
}

func (w *Web) operations() []web.Operation {
	return append(w.viewOperations(),
		web.Op(web.Spec{ID: "listProjects", Method: http.MethodGet, Path: "/projects", Tag: "projects", Action: portfolio.SeeRegister, Summary: "List projects, as at a date"}, w.apiList),
		web.Op(web.Spec{ID: "getProject", Method: http.MethodGet, Path: "/projects/{id}", Tag: "projects", Action: portfolio.SeeProject, Summary: "Read one project, as at a date"}, w.apiGet),
		web.Op(web.Spec{ID: "addProject", Method: http.MethodPost, Path: "/projects", Tag: "projects", Action: portfolio.AddProject, Summary: "Add a project", Status: http.StatusCreated}, w.apiAdd),
		web.Op(web.Spec{ID: "changeProject", Method: http.MethodPatch, Path: "/projects/{id}", Tag: "projects", Action: portfolio.ChangeProject, Summary: "State facts about a project from a date on"}, w.apiChange),
		web.Op(web.Spec{ID: "listAssignments", Method: http.MethodGet, Path: "/assignments", Tag: "assignments", Action: portfolio.SeeRegister, Summary: "List the assignments of a project or a person"}, w.apiAssignments),
		web.Op(web.Spec{ID: "getAssignment", Method: http.MethodGet, Path: "/assignments/{id}", Tag: "assignments", Action: portfolio.SeeProject, Summary: "Read one assignment"}, w.apiAssignment),
		web.Op(web.Spec{ID: "assign", Method: http.MethodPost, Path: "/assignments", Tag: "assignments", Action: portfolio.AssignPeople, Scope: "projects:write", Summary: "Put a person on a project", Status: http.StatusCreated}, w.apiAssign),
		web.Op(web.Spec{ID: "changeAssignment", Method: http.MethodPut, Path: "/assignments/{id}", Tag: "assignments", Action: portfolio.AssignPeople, Scope: "projects:write", Summary: "Change kind, role in the work and dates"}, w.apiChangeAssignment),
	)
}

func (w *Web) when(asAt, knownAt string) (when portfolio.When, err error) {
	when.AsAt = asAt
	if knownAt != "" {
		when.KnownAt, err = w.register.EndOf(knownAt)
	}
	return when, err
}

// asked is the filter of a question over the API.
func (w *Web) asked(in ProjectsQuery) (portfolio.Filter, error) {
	when, err := w.when(in.AsAt, in.KnownAt)
	if err != nil {
		return portfolio.Filter{}, err
	}
	return placed(portfolio.Filter{
		When: when, Find: in.Find, Under: in.Under, Status: in.Status, Phase: in.Phase, Category: in.Category, Rating: in.Rating, OrgUnit: in.OrgUnit,
		Person: in.Person, LiveOnly: in.Live == "yes", ClosedOnly: in.Live == "no", Vanished: in.Vanished, Where: in.Where, Sort: in.Sort, Desc: in.Desc, Limit: in.Limit,
	}, in.After)
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, in *ProjectsQuery) (*projectsOutput, error) {
	f, err := w.asked(*in)
	if err != nil {
		return nil, err
	}
	page, err := w.register.List(ctx, who, f)
	if err != nil {
		return nil, err
	}
	out := &projectsOutput{}
	out.Body.Items, out.Body.Count = make([]projectJSON, 0, len(page.Projects)), page.Count
	out.Body.More, out.Body.Withheld, out.Body.Totals = page.More, page.Withheld, totalsJSON(page.Totals)
	for _, p := range page.Projects {
		out.Body.Items = append(out.Body.Items, toJSON(p))
	}
	if page.NextID != "" {
		out.Body.Next = cursorOf(page, f).String()
	}
	return out, nil
}

func (w *Web) read(ctx context.Context, who authz.Actor, id string, when portfolio.When) (*projectOutput, error) {
	d, err := w.register.Project(ctx, who, id, when)
	if err != nil {
		return nil, err
	}
	return &projectOutput{ETag: web.ETag(d.Version), Body: toJSON(d.Project)}, nil
}

func (w *Web) apiGet(ctx context.Context, who authz.Actor, in *projectInput) (*projectOutput, error) {
	when, err := w.when(in.AsAt, in.KnownAt)
	if err != nil {
		return nil, err
	}
	return w.read(ctx, who, in.ID, when)
}

func (w *Web) apiAdd(ctx context.Context, who authz.Actor, in *addProjectInput) (*projectOutput, error) {
	asAt := in.Body.AsAt
	if asAt == "" {
		asAt = w.register.Today()
	}
	id, err := w.register.AddProject(portfolio.Through(ctx, portfolio.ByAPI), who, asAt, factsOf(in.Body.Facts), in.Body.Confidential)
	if err != nil {
		return nil, web.Inside("/facts", err, portfolio.IsFact)
	}
	return w.read(ctx, who, id, portfolio.When{})
}

func (w *Web) apiChange(ctx context.Context, who authz.Actor, in *changeProjectInput) (*projectOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	asAt := in.Body.AsAt
	if asAt == "" {
		asAt = w.register.Today()
	}
	if err := w.register.ChangeProject(portfolio.Through(ctx, portfolio.ByAPI), who, in.ID, version, asAt, factsOf(in.Body.Facts)); err != nil {
		return nil, web.Inside("/facts", err, portfolio.IsFact)
	}
	return w.read(ctx, who, in.ID, portfolio.When{})
}

func (w *Web) apiAssignments(ctx context.Context, who authz.Actor, in *assignmentsInput) (*assignmentsOutput, error) {
	list, err := w.register.Assignments(ctx, who, in.Project, in.Person)
	if err != nil {
		return nil, err
	}
	out := &assignmentsOutput{}
	out.Body.Items = make([]assignmentJSON, 0, len(list))
	for _, a := range list {
		out.Body.Items = append(out.Body.Items, assignmentToJSON(a))
	}
	return out, nil
}

func (w *Web) apiAssignment(ctx context.Context, who authz.Actor, in *projectInput) (*assignmentOutput, error) {
	a, err := w.register.Assignment(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &assignmentOutput{ETag: web.ETag(a.Version), Body: assignmentToJSON(a)}, nil
}

func fromJSON(in assignmentJSON) portfolio.Assignment {
	return portfolio.Assignment{Project: in.Project, Person: in.Person, Kind: portfolio.Kind(in.Kind), For: in.For, Role: activity.RoleInWork(in.Role), From: in.From, To: in.To}
}

func (w *Web) apiAssign(ctx context.Context, who authz.Actor, in *assignInput) (*assignmentOutput, error) {
	a, err := w.register.Assign(ctx, who, fromJSON(in.Body))
	if err != nil {
		return nil, err
	}
	return w.apiAssignment(ctx, who, &projectInput{ID: a.ID})
}

func (w *Web) apiChangeAssignment(ctx context.Context, who authz.Actor, in *changeAssignmentInput) (*assignmentOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	a := fromJSON(in.Body)
	a.ID, a.Version = in.ID, version
	if err := w.register.ChangeAssignment(ctx, who, a); err != nil {
		return nil, err
	}
	return w.apiAssignment(ctx, who, &projectInput{ID: a.ID})
}
