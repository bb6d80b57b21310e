package demo

import (
	"context"
	"strconv"

	"cairn/internal/portfolio"
)

// ownFields are the fields that this water company keeps beside those of every register.
type ownFields struct{ driver, owner, outage portfolio.Field }

var drivers = []string{"Drinking water quality", "Environment", "Resilience of supply", "Growth", "Not regulated"}

func (m *maker) defineFields(ctx context.Context) error {
	for _, d := range []struct {
		info portfolio.FieldInfo
		keep *portfolio.Field
	}{
		{portfolio.FieldInfo{Label: "Regulatory driver", Type: portfolio.Choice, Choices: drivers, Sortable: true, Hint: "What the regulator funds it for."}, &m.fields.driver},
		{portfolio.FieldInfo{Label: "Benefit owner", Type: portfolio.PersonRef, Hint: "Who answers for the benefit after the project has closed."}, &m.fields.owner},
		{portfolio.FieldInfo{Label: "Outage hours", Type: portfolio.Number, Sortable: true, Hint: "Hours of planned outage, over the whole project."}, &m.fields.outage},
	} {
		made, err := m.Portfolio.DefineField(ctx, m.head, portfolio.Definition{FieldInfo: d.info})
		if err != nil {
			return err
		}
		*d.keep = made.Field
	}
	return nil
}

// own states the organisation's own fields of a live project. Whoever sponsors
// it answers for its benefit; one in five has nobody named yet.
func (m *maker) own(p *project, f portfolio.Facts) {
	if p.ends <= months {
		return
	}
	n := p.number
	f[m.fields.driver] = text([]string{drivers[n%4], drivers[(n+1)%4], drivers[4], drivers[4], drivers[2], drivers[4]}[p.programme])
	if n%5 != 0 {
		f[m.fields.owner] = text(m.people[p.sponsor])
	}
	if hours := m.outage(p); hours > 0 {
		f[m.fields.outage] = text(strconv.Itoa(hours))
	}
}

// outage is how long supply is planned to be out, in hours: works in the
// network alone need any.
func (m *maker) outage(p *project) int {
	if p.ends <= months || p.programme > 1 {
		return 0
	}
	return 4 + p.number*7%60
}
