package portfolioweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type customFieldJSON struct {
	ID       string   `json:"id" readOnly:"true" doc:"The name of the field among a project's facts. It stays when the label changes."`
	Label    string   `json:"label" maxLength:"60"`
	Type     string   `json:"type" enum:"text,number,money,date,choice,person" doc:"Stays as it was defined. A number is plain decimal text, money is in minor units of the project's currency, a person is an id."`
	Choices  []string `json:"choices,omitempty" maxItems:"200" doc:"Of a choice, in the order in which lists sort."`
	Hint     string   `json:"hint,omitempty" maxLength:"300"`
	Sortable bool     `json:"sortable,omitempty" doc:"Lists sort by it. People are never sorted by."`
	Retired  bool     `json:"retired,omitempty" readOnly:"true"`
	Position int      `json:"position,omitempty" readOnly:"true" doc:"1 is first."`
}

func definitionToJSON(d portfolio.Definition) customFieldJSON {
	return customFieldJSON{
		ID: string(d.Field), Label: d.Label, Type: portfolio.TypeName(d.Type), Choices: d.Choices, Hint: d.Hint,
		Sortable: d.Sortable, Retired: d.Retired, Position: d.Position,
	}
}

type customFieldsOutput struct {
	Body struct {
		Items []customFieldJSON `json:"items" nullable:"false"`
	}
}

type customFieldInput struct {
	ID string `path:"id" maxLength:"200"`
}

type customFieldOutput struct {
	ETag string `header:"ETag"`
	Body customFieldJSON
}

type defineFieldInput struct{ Body customFieldJSON }

type changeFieldInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		Label    *string   `json:"label,omitempty" maxLength:"60"`
		Choices  *[]string `json:"choices,omitempty" maxItems:"200"`
		Hint     *string   `json:"hint,omitempty" maxLength:"300"`
		Sortable *bool     `json:"sortable,omitempty"`
		Retired  *bool     `json:"retired,omitempty" doc:"A retired field takes no new values; what was stated stays readable."`
		Position *int      `json:"position,omitempty" minimum:"1" maximum:"200"`
	}
}

func (w *Web) customOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listCustomFields", Method: http.MethodGet, Path: "/custom-fields", Tag: "fields", Action: portfolio.SeeRegister, Summary: "List the organisation's own fields, the retired ones last"}, w.apiCustomFields),
		web.Op(web.Spec{ID: "getCustomField", Method: http.MethodGet, Path: "/custom-fields/{id}", Tag: "fields", Action: portfolio.SeeRegister, Summary: "Read one field of the organisation's own"}, w.apiCustomField),
		web.Op(web.Spec{ID: "defineCustomField", Method: http.MethodPost, Path: "/custom-fields", Tag: "fields", Action: portfolio.DefineFields, Summary: "Define a field", Status: http.StatusCreated}, w.apiDefineField),
		web.Op(web.Spec{ID: "changeCustomField", Method: http.MethodPatch, Path: "/custom-fields/{id}", Tag: "fields", Action: portfolio.DefineFields, Summary: "Change, order or retire a field"}, w.apiChangeField),
	}
}

func (w *Web) apiCustomFields(ctx context.Context, who authz.Actor, _ *struct{}) (*customFieldsOutput, error) {
	list, _, err := w.register.CustomFields(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &customFieldsOutput{}
	out.Body.Items = make([]customFieldJSON, 0, len(list))
	for _, d := range list {
		out.Body.Items = append(out.Body.Items, definitionToJSON(d))
	}
	return out, nil
}

func (w *Web) findDefinition(ctx context.Context, who authz.Actor, id string) (d portfolio.Definition, may bool, err error) {
	list, may, err := w.register.CustomFields(ctx, who)
	if err != nil {
		return d, false, err
	}
	for _, d := range list {
		if string(d.Field) == id {
			return d, may, nil
		}
	}
	return d, false, errs.Missing("field")
}

func (w *Web) apiCustomField(ctx context.Context, who authz.Actor, in *customFieldInput) (*customFieldOutput, error) {
	d, _, err := w.findDefinition(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &customFieldOutput{ETag: web.ETag(d.Version), Body: definitionToJSON(d)}, nil
}

func (w *Web) apiDefineField(ctx context.Context, who authz.Actor, in *defineFieldInput) (*customFieldOutput, error) {
	kind, ok := portfolio.TypeNamed(in.Body.Type)
	if !ok {
		return nil, errs.OnField("type", "Choose one of the types.")
	}
	d, err := w.register.DefineField(ctx, who, portfolio.Definition{FieldInfo: portfolio.FieldInfo{
		Label: in.Body.Label, Type: kind, Choices: in.Body.Choices, Hint: in.Body.Hint, Sortable: in.Body.Sortable,
	}})
	if err != nil {
		return nil, err
	}
	return &customFieldOutput{ETag: web.ETag(d.Version), Body: definitionToJSON(d)}, nil
}

func (w *Web) apiChangeField(ctx context.Context, who authz.Actor, in *changeFieldInput) (*customFieldOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	d, _, err := w.findDefinition(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	d.Version = version
	set(&d.Label, in.Body.Label)
	set(&d.Choices, in.Body.Choices)
	set(&d.Hint, in.Body.Hint)
	set(&d.Sortable, in.Body.Sortable)
	set(&d.Retired, in.Body.Retired)
	set(&d.Position, in.Body.Position)
	if err := w.register.ChangeField(ctx, who, d); err != nil {
		return nil, err
	}
	return w.apiCustomField(ctx, who, &customFieldInput{ID: in.ID})
}

// set takes a value over where one is given.
func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
