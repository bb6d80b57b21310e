package governance

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The kinds of proposal.
const (
	ToChange = "change"
	ToRetire = "retire"
)

// The states of a proposal.
const (
	Proposed  = "proposed"
	TakenUp   = "taken_up" // in a published version
	Declined  = "declined"
	Withdrawn = "withdrawn"
)

// Proposal is a change of a control, or its end, that somebody proposes. It is
// taken up by a version of the method, and followed until projects use that.
type Proposal struct {
	ID, Method, Control string
	Kind                string
	Words               string
	Behind              []Reason // findings, lessons, answers
	State               string
	By, ByName          string
	On                  clock.Day
	DecidedByName       string
	DecidedWords        string
	Version             string // id of the version that took it up
	Number              int    // of that version
	Stale               int64
}

func missingControl() error { return errs.Missing("control") }

const proposalColumns = `r.id, r.method_id, r.control_id, r.kind, r.words, r.behind, r.state, r.proposed_by, COALESCE(p.name, ''), r.proposed_on, COALESCE(d.name, ''), r.decided_words, r.method_version_id, COALESCE(v.number, 0), r.version
	FROM control_proposal r LEFT JOIN v_person p ON p.id = r.proposed_by LEFT JOIN v_person d ON d.id = r.decided_by LEFT JOIN method_version v ON v.id = r.method_version_id`

func scanProposal(row interface{ Scan(...any) error }) (r Proposal, err error) {
	var behind string
	err = row.Scan(&r.ID, &r.Method, &r.Control, &r.Kind, &r.Words, &behind, &r.State, &r.By, &r.ByName, &r.On, &r.DecidedByName, &r.DecidedWords, &r.Version, &r.Number, &r.Stale)
	if err == nil {
		err = json.Unmarshal([]byte(behind), &r.Behind)
	}
	return r, err
}

// proposalsOf lists the proposals about a control, or all of a method, newest first.
func proposalsOf(ctx context.Context, q sqldb.Querier, of, control string) (out []Proposal, err error) {
	var w sqldb.Where
	w.And("r.method_id = ?", of)
	if control != "" {
		w.And("r.control_id = ?", control)
	}
	rows, err := q.QueryContext(ctx, `SELECT `+proposalColumns+w.SQL()+` ORDER BY r.proposed_at DESC, r.id DESC LIMIT 200`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanProposal(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func proposal(ctx context.Context, q sqldb.Querier, id string) (Proposal, error) {
	r, err := scanProposal(q.QueryRowContext(ctx, `SELECT `+proposalColumns+` WHERE r.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, errs.Missing("proposal")
	}
	return r, err
}

// Propose proposes that a control is changed or retired, with what stands behind it.
func (s *Service) Propose(ctx context.Context, who authz.Actor, r Proposal) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ProposeChange, authz.Instance); err != nil {
			return err
		}
		last, _, err := newest(ctx, tx, r.Method)
		if err != nil {
			return err
		}
		m, err := s.method(ctx, tx, last.ID)
		if err != nil {
			return err
		}
		if m.Control(r.Control) == nil {
			return missingControl()
		}
		var c errs.Check
		c.That(r.Kind == ToChange || r.Kind == ToRetire, "kind", "Choose change or retire.")
		r.Words = words(&c, "words", r.Words, "Say what should be different, and for whom it is better.", 2000)
		if err := checkReasons(ctx, tx, who, tx.Today, &c, "behind", r.Behind, nil); err != nil {
			return err
		}
		if err := c.Err(); err != nil {
			return err
		}
		behind, err := json.Marshal(append([]Reason{}, r.Behind...))
		if err != nil {
			return err
		}
		id = tx.NewID()
		tx.Record(ProposalChanged{Proposal: id, Control: r.Control, Kind: r.Kind, State: Proposed, By: who.Person})
		_, err = tx.ExecContext(ctx, `INSERT INTO control_proposal (id, method_id, control_id, kind, words, behind, state, proposed_by, proposed_on, proposed_at, decided_by, decided_at, decided_words, method_version_id, version)
			VALUES ($1, $2, $3, $4, $5, $6, 'proposed', $7, $8, $9, '', 0, '', '', 1)`, id, r.Method, r.Control, r.Kind, r.Words, string(behind), who.Person, tx.Today, sqldb.Micros(tx.Now))
		return err
	})
	return id, err
}

// Decline answers a proposal with no, and why.
func (s *Service) Decline(ctx context.Context, who authz.Actor, id, why string, version int64) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, PublishMethods, authz.Instance); err != nil {
			return err
		}
		r, err := proposal(ctx, tx, id)
		if err != nil {
			return err
		}
		var c errs.Check
		why = words(&c, "words", why, "Say why not; whoever proposed it reads this.", 1000)
		if err := c.Err(); err != nil {
			return err
		}
		return endProposal(ctx, tx, r, Declined, why, "", version)
	})
}

func endProposal(ctx context.Context, tx *work.Tx, r Proposal, state, said, in string, version int64) error {
	res, err := tx.ExecContext(ctx, `UPDATE control_proposal SET state = $1, decided_by = $2, decided_at = $3, decided_words = $4, method_version_id = $5, version = version + 1 WHERE id = $6 AND state = 'proposed' AND version = $7`,
		state, tx.Who.Person, sqldb.Micros(tx.Now), said, in, r.ID, version)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return stale("This proposal was decided meanwhile.")
	}
	tx.Record(ProposalChanged{Proposal: r.ID, Control: r.Control, Kind: r.Kind, State: state, By: tx.Who.Person})
	return nil
}

// taken marks the proposals behind a version as taken up by it.
func (s *Service) taken(ctx context.Context, tx *work.Tx, behind []Reason, version string) error {
	for _, b := range behind {
		if b.Kind != "proposal" {
			continue
		}
		r, err := proposal(ctx, tx, b.ID)
		if errs.Is(err, errs.NotFound) || err == nil && r.State != Proposed {
			continue
		}
		if err != nil {
			return err
		}
		if err := endProposal(ctx, tx, r, TakenUp, "", version, r.Stale); err != nil {
			return err
		}
	}
	return nil
}

// TakeUp puts a proposal among the reasons of the method's draft, which it begins
// if there is none; to retire a control takes the control out of the draft.
func (s *Service) TakeUp(ctx context.Context, who authz.Actor, id string) (of string, err error) {
	var r Proposal
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, WriteMethods, authz.Instance); err != nil {
			return err
		}
		r, err = proposal(ctx, v, id)
		return err
	})
	if err != nil {
		return "", err
	}
	if r.State != Proposed {
		return "", stale("This proposal was decided meanwhile.")
	}
	d, _, _, _, err := s.DraftOf(ctx, who, r.Method)
	if err != nil {
		return "", err
	}
	for _, b := range d.Reasons {
		if b.Kind == "proposal" && b.ID == id {
			return r.Method, nil
		}
	}
	d.Reasons = append(append(d.Reasons, Reason{Kind: "proposal", ID: id, Words: r.Words}), r.Behind...)
	if r.Kind == ToRetire {
		text, err := method.Without([]byte(d.Text), r.Control)
		if err != nil {
			return "", errs.OnField("text", "%s could not be taken out of the draft: %s", r.Control, err)
		}
		d.Text = string(text)
	}
	if d.Changes == "" {
		d.Changes = r.Words
	}
	return r.Method, s.writeDraft(ctx, who, d, r.Behind)
}

// review says what the answers of twelve months lead to.
func review(m *method.Method, c *method.Control, u Used) (proposes, because string) {
	if !u.All.Enough {
		return "", ""
	}
	f := method.Facts{
		"control.answers_count": u.All.Answers, "control.people_count": u.All.People, "control.in_the_way_pct": u.All.InTheWayPct(),
		"control.findings_12m_count": u.Findings, "control.minutes_median": u.All.MinutesMedian, "control.minutes_estimate": estimated(c),
	}
	if u.Projects > 0 {
		f["control.waived_pct"] = 100 * float64(u.Waived) / float64(u.Projects)
	}
	switch m.Propose(c, f) {
	case method.Retire:
		return ToRetire, "Many say that it is in their way, and in twelve months it found nothing."
	case method.Revise:
		return ToChange, "It is often in the way, takes much longer than estimated, or is often waived."
	default:
		return "", ""
	}
}

// estimated is the mean of the minutes that the method states over its tiers.
func estimated(c *method.Control) float64 {
	sum, n := 0, 0
	for _, t := range method.Tiers() {
		if x := c.Minutes.At(t); x > 0 {
			sum, n = sum+x, n+1
		}
	}
	if n == 0 {
		return 0
	}
	return float64(sum) / float64(n)
}
