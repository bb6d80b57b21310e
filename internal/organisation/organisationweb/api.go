package organisationweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
	"cairn/internal/organisation"
)

// settingsJSON are the settings in the API.
type settingsJSON struct {
	Name        string   `json:"name" maxLength:"120"`
	Zone        string   `json:"zone" maxLength:"60" doc:"IANA name; empty for the zone that the program was started with."`
	Currency    string   `json:"currency" maxLength:"3" doc:"ISO 4217; empty for none."`
	RatingScale string   `json:"rating_scale" enum:"3,5," doc:"Empty leaves it to each form."`
	WorkingDays []int    `json:"working_days" nullable:"false" maxItems:"7" doc:"ISO 8601 numbers: Monday 1 to Sunday 7."`
	Holidays    []string `json:"holidays" nullable:"false" maxItems:"400" doc:"ISO dates."`
	ReportDay   int      `json:"report_day" minimum:"1" maximum:"20" doc:"The working day of the month on which reports are due."`
}

type settingsOutput struct {
	ETag string `header:"ETag"`
	Body settingsJSON
}

type settingsInput struct {
	web.IfMatch
	Body settingsJSON
}

func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getSettings", Method: http.MethodGet, Path: "/settings", Tag: "settings", Action: organisation.SeeSettings, Summary: "Read the organisation's settings"}, w.apiGet),
		web.Op(web.Spec{ID: "putSettings", Method: http.MethodPut, Path: "/settings", Tag: "settings", Action: organisation.ChangeSettings, Summary: "Change the organisation's settings"}, w.apiPut),
	}
}

func toJSON(s organisation.Settings) *settingsOutput {
	out := settingsJSON{Name: s.Name, Zone: s.Zone, Currency: s.Currency, RatingScale: s.RatingScale, ReportDay: s.ReportDay, Holidays: []string{}, WorkingDays: []int{}}
	out.Holidays = append(out.Holidays, s.Holidays...)
	for _, d := range s.WorkingDays {
		out.WorkingDays = append(out.WorkingDays, (int(d)+6)%7+1)
	}
	return &settingsOutput{ETag: web.ETag(s.Version), Body: out}
}

func (w *Web) apiGet(ctx context.Context, who authz.Actor, _ *struct{}) (*settingsOutput, error) {
	s, err := w.settings.Settings(ctx, who)
	if err != nil {
		return nil, err
	}
	return toJSON(s), nil
}

func (w *Web) apiPut(ctx context.Context, who authz.Actor, in *settingsInput) (*settingsOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	s := organisation.Settings{Name: b.Name, Zone: b.Zone, Currency: b.Currency, RatingScale: b.RatingScale, Holidays: b.Holidays, ReportDay: b.ReportDay, Version: version}
	for _, d := range b.WorkingDays {
		if d < 1 || d > 7 {
			return nil, errs.OnField("working_days", "Days are numbered 1 (Monday) to 7 (Sunday).")
		}
		s.WorkingDays = append(s.WorkingDays, time.Weekday(d%7))
	}
	if s, err = w.settings.Change(ctx, who, s); err != nil {
		return nil, err
	}
	return toJSON(s), nil
}
