package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cairn/internal/document"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// withDocuments is how many projects have documents: in a very large world the
// first ones alone.
const withDocuments = 300

// paper is a document that somebody writes on a project.
type paper struct {
	kind, name, purpose string // of the method, or else by hand
	body                string
	by                  authz.Actor
}

// writeDocuments gives projects their cases, closing pages and handover sheets.
func (m *maker) writeDocuments(ctx context.Context) error {
	for i, p := range m.projects[:min(len(m.projects), withDocuments)] {
		if p.id == "" {
			continue
		}
		if err := m.papers(ctx, p, i); err != nil {
			return fmt.Errorf("documents of %s: %w", p.name, err)
		}
	}
	return nil
}

// papers writes the documents of one project, each at its time.
func (m *maker) papers(ctx context.Context, p *project, i int) error {
	manager, sponsor := m.actor(p.manager, authz.Member), m.actor(p.sponsor, authz.Member)
	c := paper{"doc-case", "Business case", "Why it is worth it, what else was looked at, and what it costs", m.caseText(p), manager}
	if id, err := m.paper(ctx, p, c, m.month(p.begins).Add(3*time.Hour)); err != nil || id == "" {
		return err
	} else if err := m.decided(ctx, id, 1, manager, sponsor, ""); err != nil {
		return err
	}
	switch {
	case p.ends <= months:
		c = paper{"doc-close", "Closing page", "What it delivered, what it cost, what is left to whom", closeText(p), manager}
		if id, err := m.paper(ctx, p, c, m.month(p.ends).Add(time.Hour)); err != nil || id == "" {
			return err
		} else if err := m.decided(ctx, id, 1, manager, sponsor, ""); err != nil {
			return err
		}
	case p.share(months) > 40 && (i%3 == 0 || p.manager == Manager):
		return m.handover(ctx, p, i, manager, sponsor)
	}
	return nil
}

// handover leaves handover sheets in every state there is.
func (m *maker) handover(ctx context.Context, p *project, i int, manager, sponsor authz.Actor) error {
	at := m.Now.AddDate(0, 0, -6-i%9)
	h := paper{"doc-handover", "Handover sheet", "What operations takes over, when, and from whom", handoverText(p, "The duty manager signs."), manager}
	id, err := m.paper(ctx, p, h, at)
	if err != nil || id == "" || i%4 == 1 {
		return err // a draft
	}
	if i%4 == 2 {
		if err := m.decided(ctx, id, 1, manager, sponsor, "Say who keeps the keys, and which spare parts are on the shelf on the day."); err != nil {
			return err
		}
		if p.manager != Manager {
			return nil
		}
		m.Clock.Advance(50 * time.Hour)
		_, err = m.Documents.Write(ctx, manager, document.Writing{Document: id, Base: 1, Form: document.Text, Body: handoverText(p, "The duty manager signs and keeps the keys.\n- Two pumps and a set of seals are on the shelf.")})
		if err != nil {
			return err
		}
		return m.Documents.Submit(ctx, manager, id, 2, "sponsor")
	}
	return m.Documents.Submit(ctx, manager, id, 1, "sponsor")
}

// paper writes the first version of a document at a moment; nothing if that is to
// come. What the method does not ask for is added by hand.
func (m *maker) paper(ctx context.Context, p *project, d paper, at time.Time) (id string, err error) {
	if at.After(m.Now) {
		return "", nil
	}
	m.Clock.Set(at)
	w := document.Writing{Project: p.id, Kind: d.kind, Form: document.Text, Body: d.body}
	if _, err := m.Documents.Blank(ctx, d.by, p.id, d.kind); errs.Is(err, errs.NotFound) {
		w.Kind, w.Name, w.Purpose = "", d.name, d.purpose+"."
	} else if err != nil {
		return "", err
	}
	v, err := m.Documents.Write(ctx, d.by, w)
	return v.Document, err
}

// decided lets a version be submitted and, some hours later, approved or sent back.
func (m *maker) decided(ctx context.Context, id string, number int, writer, by authz.Actor, reason string) error {
	m.Clock.Advance(time.Hour)
	if err := m.Documents.Submit(ctx, writer, id, number, "sponsor"); err != nil {
		return err
	}
	m.Clock.Advance(4 * time.Hour)
	if reason != "" {
		return m.Documents.SendBack(ctx, by, id, number, reason)
	}
	sh, err := m.Documents.Document(ctx, by, id)
	if err != nil {
		return err
	}
	return m.Documents.Approve(ctx, by, id, number, sh.Version(number).SHA256)
}

// keepFiles adds what is no text: a drawing as a PDF and the address of a survey.
// They come one by one, since a file arrives in parts.
func (m *maker) keepFiles(ctx context.Context) error {
	for _, p := range m.projects {
		if p.manager != Manager || p.ends <= months || p.id == "" {
			continue
		}
		m.Clock.Set(m.Now.AddDate(0, 0, -12))
		manager := m.actor(p.manager, authz.Member)
		sheet := pdf(p.name, "Site plan, for information. Not to scale.")
		v, err := m.Documents.Upload(ctx, manager, document.Writing{Project: p.id, Name: "Site plan", Purpose: "Where the works lie."}, "site-plan.pdf", bytes.NewReader(sheet))
		if err != nil {
			return err
		}
		m.Clock.Advance(2 * time.Hour)
		partner := m.actor(p.partner, authz.PMOMember)
		survey, err := m.Documents.Write(ctx, partner, document.Writing{Project: p.id, Name: "Ground survey", Purpose: "What lies under the works.", Form: document.Link, Body: "https://surveys.example.org/ground/" + fmt.Sprint(p.number)})
		if err != nil {
			return err
		}
		return errors.Join(m.Documents.Submit(ctx, partner, survey.Document, 1, "head_of_pmo"), m.Documents.Submit(ctx, manager, v.Document, 1, "pmo_partner"))
	}
	return nil
}

func (m *maker) caseText(p *project) string {
	purposes := programmes[p.programme].Purposes
	return strings.Join([]string{
		"## Why", purposes[p.voice%len(purposes)],
		"## What else was looked at", "- Do nothing: costs rise with each repair.\n- Do half: the rest fails within five years.",
		"## What it costs", fmt.Sprintf("£%d,000, with a tenth of it held back until the contract is let.", p.budget/100_000),
		"## What would make us stop", "A price over the budget by more than a fifth, or no place for the works by the end of the first quarter.",
	}, "\n\n")
}

func closeText(p *project) string {
	cost := "within its budget"
	if p.overrun > 5 {
		cost = fmt.Sprintf("%d per cent over its budget", p.overrun)
	}
	dates := "on the day that was agreed"
	if p.slip > 7 {
		dates = fmt.Sprintf("%d days after the first date", p.slip)
	}
	return strings.Join([]string{
		"## What it delivered", "All of " + p.name + " is in use.",
		"## Dates and money", "It ended " + dates + " and " + cost + ".",
		"## What is left, and to whom", "- Snags: operations, within three months.\n- Warranty: until two years after today.",
	}, "\n\n")
}

func handoverText(p *project, who string) string {
	return strings.Join([]string{
		"## What is handed over", p.name + ", with drawings and test records.",
		"## When and to whom", "- Operations, on the day of acceptance.\n- " + who,
		"## What is still open", "1. Training of the second shift.\n2. Labels in the control room.",
	}, "\n\n")
}

// pdf makes a small file in PDF 1.4 (ISO 32000): one page with two lines.
func pdf(title, line string) []byte {
	escape := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`)
	page := fmt.Sprintf("BT /F1 18 Tf 72 770 Td (%s) Tj 0 -28 Td /F1 11 Tf (%s) Tj ET", escape.Replace(title), escape.Replace(line))
	var out bytes.Buffer
	var at []int
	out.WriteString("%PDF-1.4\n")
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	} {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return out.Bytes()
}
