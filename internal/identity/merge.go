package identity

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// MergeDays is for how many days a merge can be undone.
const MergeDays = 30

// MergePreview is what a merge of two entries of one person would do.
type MergePreview struct {
	Stays, Goes Person
	Kinds       []MergeKind
	Gives       []string // what the entry that goes knows and the other does not: e-mail, post, unit
	Refused     string   // why the two cannot be merged; empty if they can
	TurnAround  bool     // they can be merged the other way round
	Until       clock.Day
}

// MergeKind is one kind of data that the entry that goes has. How much there is,
// is not said: it is the person's to know.
type MergeKind struct {
	Data         string // its row in docs/privacy.md
	Moves, Stays bool   // becomes the other's; is never edited, and read as the other's
}

// Merged is a merge that was done.
type Merged struct {
	ID, From, Into string
	Name           string // that the other entry bore
	On             clock.Day
	By             string // name of who merged
	Until          clock.Day
	Undoable       bool
}

// PreviewMerge says what merging one entry of the directory into another would do.
func (s *Service) PreviewMerge(ctx context.Context, who authz.Actor, into, from string) (m MergePreview, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, MergePeople, authz.Instance); err != nil {
			return err
		}
		m, err = s.mergePreview(ctx, v, who, into, from, v.Today)
		return err
	})
	return m, err
}

func (s *Service) mergePreview(ctx context.Context, q sqldb.Querier, who authz.Actor, into, from string, today clock.Day) (m MergePreview, err error) {
	if m.Stays, err = getPerson(ctx, q, into); err != nil {
		return m, err
	}
	if m.Goes, err = getPerson(ctx, q, from); err != nil {
		return m, err
	}
	m.Until = clock.AddDays(today, MergeDays)
	places := s.places()
	goes, err := held(ctx, q, places, from)
	if err != nil {
		return m, err
	}
	own := map[string]bool{from: false, into: false}
	for i, p := range places {
		if p.Does == privacy.Own {
			own[from] = own[from] || goes[i]
		} else if goes[i] {
			m.add(p)
		}
	}
	slices.SortStableFunc(m.Kinds, func(a, b MergeKind) int { return strings.Compare(a.Data, b.Data) })
	if own[from] {
		stays, err := held(ctx, q, places, into)
		if err != nil {
			return m, err
		}
		for i, p := range places {
			own[into] = own[into] || p.Does == privacy.Own && stays[i]
		}
	}
	m.Gives = gives(m.Stays, m.Goes)
	m.Refused, m.TurnAround = refused(m, who, own)
	if m.Refused == "" {
		m.Refused, err = s.apart(ctx, q, into, from, today)
	}
	return m, err
}

func (m *MergePreview) add(p privacy.Place) {
	i := slices.IndexFunc(m.Kinds, func(k MergeKind) bool { return k.Data == p.Data })
	if i < 0 {
		i, m.Kinds = len(m.Kinds), append(m.Kinds, MergeKind{Data: p.Data})
	}
	m.Kinds[i].Stays = m.Kinds[i].Stays || p.Does == privacy.Stays
	m.Kinds[i].Moves = m.Kinds[i].Moves || p.Does != privacy.Stays
}

// refused says why two entries cannot be merged. An account, and what is somebody's
// alone, never changes hands: the entry that has it is the one that stays.
func refused(m MergePreview, who authz.Actor, own map[string]bool) (why string, turn bool) {
	stays, goes := m.Stays, m.Goes
	switch {
	case stays.ID == goes.ID:
		return "These are not two entries but one.", false
	case stays.Erased || goes.Erased:
		return "One of the two was erased: nobody knows any more who that was.", false
	case who.Person != "" && (who.Person == stays.ID || who.Person == goes.ID):
		return "One of the two is you, and you would take over what the other may see. Ask somebody else who may merge.", false
	case stays.HasAccount && goes.HasAccount:
		return "Both have an account. What somebody did with an account stands under their own number, so only entries of which one at most has an account can be merged.", false
	case own[goes.ID] && own[stays.ID]:
		return "Both have something that is theirs alone. It cannot change hands.", false
	case goes.HasAccount:
		return goes.Name + " has the account. Keep that entry and merge the other into it.", true
	case own[goes.ID]:
		return goes.Name + " has something that is theirs alone. Keep that entry and merge the other into it.", true
	}
	return "", false
}

// gives lists what the entry that stays does not know and the other does.
func gives(stays, goes Person) (out []string) {
	for _, f := range []struct{ name, mine, theirs string }{{"email", stays.Email, goes.Email}, {"job_title", stays.JobTitle, goes.JobTitle}, {"org_unit", stays.OrgUnit, goes.OrgUnit}} {
		if f.mine == "" && f.theirs != "" {
			out = append(out, f.name)
		}
	}
	return out
}

// Merge makes one of two entries of one person. All that names the entry that
// goes names the other from then on; what is never edited keeps its number and is
// read as the other's. It can be undone for MergeDays.
func (s *Service) Merge(ctx context.Context, who authz.Actor, into, from string) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, MergePeople, authz.Instance); err != nil {
			return err
		}
		ids := []string{into, from}
		slices.Sort(ids) // two who merge at once wait for each other and do not lock each other out
		for _, one := range ids {
			if _, err := tx.ExecContext(ctx, `UPDATE person SET version = version + 1 WHERE id = $1`, one); err != nil {
				return err
			}
		}
		m, err := s.mergePreview(ctx, tx, who, into, from, tx.Today)
		if err != nil {
			return err
		}
		if m.Refused != "" {
			return errs.OnField("from", "%s", m.Refused)
		}
		id = tx.NewID()
		if err := insertMerge(ctx, tx, id, m); err != nil {
			return err
		}
		if err := s.move(ctx, tx, id, from, into); err != nil {
			return err
		}
		tx.Record(Changed{Person: into, What: personMerged, Other: from})
		return nil
	})
	return id, err
}

// insertMerge keeps what the entry that goes said, and lets it bear the other's name.
func insertMerge(ctx context.Context, tx *work.Tx, id string, m MergePreview) error {
	g := m.Goes
	if _, err := tx.ExecContext(ctx, `INSERT INTO person_merged (id, person_id, into_id, name, name_key, email, job_title, org_unit, left_on, gave, merged_by, merged_on, merged_at, ended_by, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', 0)`, id, g.ID, m.Stays.ID, g.Name, fold.Sort(g.Name), g.Email, g.JobTitle, g.OrgUnit, g.LeftOn,
		strings.Join(m.Gives, ","), tx.Who.Person, tx.Today, sqldb.Micros(tx.Now)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE person SET email = '', email_key = '', merged_into = $1 WHERE id = $2 OR merged_into = $2`, m.Stays.ID, g.ID); err != nil {
		return err
	}
	p := m.Stays
	for _, f := range m.Gives {
		switch f {
		case "email":
			p.Email = g.Email
		case "job_title":
			p.JobTitle = g.JobTitle
		case "org_unit":
			p.OrgUnit = g.OrgUnit
		}
	}
	_, err := updatePerson(ctx, tx, p)
	return err
}

// Merges lists the entries that were merged into a person and still are.
func (s *Service) Merges(ctx context.Context, who authz.Actor, person string) (out []Merged, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, MergePeople, authz.Instance); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT m.id, m.person_id, m.into_id, m.name, m.merged_on, COALESCE(b.name, '') FROM person_merged m LEFT JOIN person b ON b.id = m.merged_by
			WHERE m.into_id = $1 AND m.ended_at = 0 ORDER BY m.merged_at DESC, m.id LIMIT 100`, person)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var m Merged
			if err := rows.Scan(&m.ID, &m.From, &m.Into, &m.Name, &m.On, &m.By); err != nil {
				return err
			}
			m.Until = clock.AddDays(m.On, MergeDays)
			m.Undoable = m.Until >= v.Today
			out = append(out, m)
		}
		return rows.Err()
	})
	return out, err
}
