package demo

import (
	"context"

	"cairn/internal/career/framework"
	"cairn/internal/kit/authz"
)

// The months, counted back from today, in which the framework came and was changed.
const frameworkCame, frameworkChanged = 24, 8

// criteria lives through the framework: it comes with Cairn, an analyst drafts other
// words and the codes of the house's own ladder, and the head of PMO publishes them.
func (m *maker) criteria(ctx context.Context, n int) error {
	if n == months-frameworkCame {
		return m.Career.EnsureFramework(ctx)
	}
	if n != months-frameworkChanged {
		return nil
	}
	analyst := m.actor(Analyst, authz.PMOMember)
	d, err := m.Career.FrameworkDraft(ctx, analyst)
	if err != nil {
		return err
	}
	text, err := framework.Edit([]byte(d.Text), map[string]string{
		"competencies/reporting/codes": "Water ladder R-2\n", "competencies/reporting/application/1/observable": "Sat in while a report was made, and can say where each figure came from.",
	})
	if err != nil {
		return err
	}
	d.Text, d.Changes = string(text), "The words of the first level of reporting say what one looks for, and the house's own ladder is named beside it. No role asks for anything else."
	if err := m.Career.WriteFramework(ctx, analyst, d); err != nil {
		return err
	}
	_, err = m.Career.PublishFramework(ctx, m.head, d.Version+1)
	return err
}
