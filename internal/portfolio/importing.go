package portfolio

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/work"
)

// Incoming is a project as a file states it.
type Incoming struct {
	Source    string // name of the source, which gives ids their meaning
	SourceID  string // the source's own id; may be empty
	AsAt      clock.Day
	Facts     Facts
	Programme string // by name; found or made
	Known     string // id of the project that a person chose for this row; usually empty
	Batch     string // id of the import
}

// Outcome is what became of one row.
type Outcome struct {
	Project string
	Created bool
	Changed []Field
	Stated  bool // something was stored, if only that the file says the same
	// Alike is a project of the same name elsewhere: proposed, never applied on
	// its own.
	Alike string
}

// PutIn states a row of a file: found by the source's id, else by folded name
// and organisation unit, which then adopts the id; else made new.
func (s *Service) PutIn(ctx context.Context, tx *work.Tx, in Incoming) (out Outcome, err error) {
	ctx = Through(ctx, ByImport)
	if in.Programme != "" {
		id, err := programmeNamed(ctx, tx, in.Programme)
		if err != nil {
			return out, err
		}
		in.Facts = in.Facts.Merge(Facts{Parent: {Text: id}})
	}
	from := by{source: in.Source, batch: in.Batch}
	var withdrawn bool
	if out.Project, out.Alike, withdrawn, err = match(ctx, tx, in); err != nil {
		return out, err
	}
	if out.Project == "" {
		out.Created, out.Stated = true, true
		if out.Project, err = s.addIn(ctx, tx, in.AsAt, in.Facts, false, from); err != nil {
			return out, err
		}
		return out, adopt(ctx, tx, in, out.Project)
	}
	if in.Facts, err = checkStatement(ctx, tx, in.AsAt, in.Facts); err != nil {
		return out, err
	}
	if withdrawn {
		out.Created, out.Stated = true, true
		if err := s.returnIn(ctx, tx, in, out.Project); err != nil {
			return out, err
		}
		return out, adopt(ctx, tx, in, out.Project)
	}
	if out.Changed, out.Stated, err = s.stateIn(ctx, tx, out.Project, in.AsAt, in.Facts, from); err != nil {
		return out, err
	}
	if len(out.Changed) > 0 {
		if _, err := tx.ExecContext(ctx, `UPDATE project SET version = version + 1 WHERE id = $1`, out.Project); err != nil {
			return out, err
		}
	}
	return out, adopt(ctx, tx, in, out.Project)
}

// CheckIn refuses facts that PutIn would refuse, before anything is done for them.
func (s *Service) CheckIn(ctx context.Context, tx *work.Tx, asAt clock.Day, facts Facts) error {
	_, err := checkStatement(ctx, tx, asAt, facts)
	return err
}

// match finds the project that a row is about: one that stands first, then one
// that was withdrawn when an import of this source was undone.
func match(ctx context.Context, tx *work.Tx, in Incoming) (id, alike string, withdrawn bool, err error) {
	if in.Known != "" {
		err = tx.QueryRowContext(ctx, `SELECT id, CASE WHEN withdrawn_at = 0 THEN 0 ELSE 1 END FROM project WHERE id = $1`, in.Known).Scan(&id, &withdrawn)
		if errors.Is(err, sql.ErrNoRows) {
			return "", "", false, errs.OnField("cairn_id", "There is no project with this id of Cairn.")
		}
		return id, "", withdrawn, err
	}
	if in.SourceID != "" {
		err = tx.QueryRowContext(ctx, `SELECT q.id, CASE WHEN q.withdrawn_at = 0 THEN 0 ELSE 1 END FROM project_source s JOIN project q ON q.id = s.project_id
			WHERE s.source = $1 AND s.source_id = $2`, in.Source, in.SourceID).Scan(&id, &withdrawn)
		if err == nil || !errors.Is(err, sql.ErrNoRows) {
			return id, "", withdrawn, err
		}
	}
	if id, alike, err = matchName(ctx, tx, in); err != nil || id != "" {
		return id, alike, false, err
	}
	id, err = matchWithdrawn(ctx, tx, in)
	return id, alike, id != "", err
}

// matchWithdrawn finds a withdrawn project by an id that its undone import had
// given it, else by name and organisation unit among those of the same source.
func matchWithdrawn(ctx context.Context, tx *work.Tx, in Incoming) (id string, err error) {
	if in.SourceID != "" {
		err = tx.QueryRowContext(ctx, `SELECT q.id FROM batch_effect e JOIN project q ON q.id = e.project_id
			WHERE e.kind = $1 AND e.subject_id = $2 AND q.withdrawn_at <> 0 ORDER BY q.id LIMIT 1`, string(adoptedID), sourceKey(in)).Scan(&id)
	} else {
		err = tx.QueryRowContext(ctx, `SELECT q.id FROM project q WHERE q.withdrawn_key = $1 AND q.withdrawn_at <> 0
			AND EXISTS (SELECT 1 FROM project_statement s WHERE s.project_id = q.id AND s.source = $2) ORDER BY q.id LIMIT 1`, withdrawnKey(in.Facts), in.Source).Scan(&id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// sourceKey names an id of a source as the subject of an effect.
func sourceKey(in Incoming) string { return in.Source + "\n" + in.SourceID }

// returnIn brings a withdrawn project back and states the row that names it again.
func (s *Service) returnIn(ctx context.Context, tx *work.Tx, in Incoming, id string) error {
	from := by{source: in.Source, batch: in.Batch}
	if err := s.reviveIn(ctx, tx, id, from); err != nil {
		return err
	}
	var parent string
	err := tx.QueryRowContext(ctx, `SELECT parent_id FROM project_version WHERE project_id = $1 AND is_current = TRUE`, id).Scan(&parent)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if parent == "" && in.Facts.Text(Parent) == "" {
		if parent, err = defaultPortfolio(ctx, tx); err != nil {
			return err
		}
		if _, _, err := state(ctx, tx, id, in.AsAt, Facts{Parent: {Text: parent}}, by{batch: in.Batch}); err != nil {
			return err
		}
	}
	if currency, err := usualCurrency(ctx, tx, in.Facts); err != nil {
		return err
	} else if currency != "" {
		if _, _, err := state(ctx, tx, id, in.AsAt, Facts{Currency: {Text: currency}}, by{batch: in.Batch}); err != nil {
			return err
		}
	}
	if _, _, err := s.stateIn(ctx, tx, id, in.AsAt, in.Facts, from); err != nil {
		return err
	}
	return moveNode(ctx, tx, id)
}

func matchName(ctx context.Context, tx *work.Tx, in Incoming) (id, alike string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT v.project_id, v.org_unit_key, COALESCE(s.source_id, '') FROM project_version v
		LEFT JOIN project_source s ON s.project_id = v.project_id AND s.source = $1
		WHERE v.name_key = $2 AND v.is_current = TRUE ORDER BY v.project_id`, in.Source, fold.Sort(in.Facts.Text(Name)))
	if err != nil {
		return "", "", err
	}
	defer rows.Close()
	unit := fold.Sort(in.Facts.Text(OrgUnit))
	for rows.Next() {
		var found, foundUnit, foundID string
		if err := rows.Scan(&found, &foundUnit, &foundID); err != nil {
			return "", "", err
		}
		// A project that this source calls by another id is another project.
		another := foundID != "" && in.SourceID != ""
		if foundUnit == unit && id == "" && !another {
			id = found
		} else if alike == "" {
			alike = found
		}
	}
	if id != "" {
		alike = ""
	}
	return id, alike, rows.Err()
}

func adopt(ctx context.Context, tx *work.Tx, in Incoming, id string) error {
	if in.SourceID == "" {
		return nil
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO project_source (source, source_id, project_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, in.Source, in.SourceID, id)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return effect(ctx, tx, in.Batch, batchEffect{project: id, kind: adoptedID, subject: sourceKey(in)})
}

func programmeNamed(ctx context.Context, tx *work.Tx, name string) (id string, err error) {
	err = tx.QueryRowContext(ctx, `SELECT id FROM programme WHERE name_key = $1 ORDER BY id LIMIT 1`, fold.Sort(name)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		g := Programme{Name: name}
		err = addProgrammeIn(ctx, tx, &g)
		return g.ID, err
	}
	return id, err
}

// AssignImportedIn makes an assignment of a file's person column, from the date
// of the file on, unless the person holds it already. Whoever held it by an
// import until then holds it until the day before.
func (s *Service) AssignImportedIn(ctx context.Context, tx *work.Tx, project, person string, kind Kind, asAt clock.Day, source, batch string) (bool, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, person_id, work_role, for_person_id, from_on, to_on, origin, source, version FROM assignment
		WHERE project_id = $1 AND kind = $2 ORDER BY from_on, id`, project, string(kind))
	if err != nil {
		return false, err
	}
	defer rows.Close()
	var held []Assignment
	for rows.Next() {
		a := Assignment{Project: project, Kind: kind}
		if err := rows.Scan(&a.ID, &a.Person, &a.Role, &a.For, &a.From, &a.To, &a.Origin, &a.Source, &a.Version); err != nil {
			return false, err
		}
		held = append(held, a)
	}
	if err := rows.Err(); err != nil {
		return false, err
	}
	_ = rows.Close() // the one connection is needed for the changes
	return placeImported(ctx, tx, batch, held, Assignment{
		Project: project, Person: person, Kind: kind, Role: usual(kind), From: asAt, Origin: Imported, Source: source,
	})
}

// placeImported fits "holds it on that date" between what is known already.
func placeImported(ctx context.Context, tx *work.Tx, batch string, held []Assignment, a Assignment) (bool, error) {
	var later *Assignment // the first that begins after this date
	for i := range held {
		h := &held[i]
		switch {
		case h.On(a.From) && h.Person == a.Person:
			return false, nil
		case h.From > a.From && later == nil:
			later = h
		}
	}
	if later != nil && later.Person == a.Person && later.Origin == Imported {
		was := *later
		later.From = a.From // known since an earlier file
		return true, redate(ctx, tx, batch, was, *later)
	}
	if later != nil {
		a.To = clock.AddDays(later.From, -1)
	}
	for _, h := range held {
		if h.On(a.From) && h.Origin == Imported && h.From < a.From {
			was := h
			h.To = clock.AddDays(a.From, -1)
			if err := redate(ctx, tx, batch, was, h); err != nil {
				return false, err
			}
		}
	}
	return true, assignBatch(ctx, tx, batch, &a)
}

// assignBatch makes an assignment of a batch.
func assignBatch(ctx context.Context, tx *work.Tx, batch string, a *Assignment) error {
	if err := assignIn(ctx, tx, a); err != nil {
		return err
	}
	return effect(ctx, tx, batch, batchEffect{project: a.Project, kind: madeAssignment, subject: a.ID, became: dates(*a), version: a.Version})
}

// redate gives an assignment other dates and remembers those that it had.
func redate(ctx context.Context, tx *work.Tx, batch string, was, now Assignment) error {
	if err := effectDates(ctx, tx, batch, was, now); err != nil {
		return err
	}
	return rewriteAssignment(ctx, tx, now)
}

func rewriteAssignment(ctx context.Context, tx *work.Tx, a Assignment) error {
	if _, err := updateAssignment(ctx, tx, a); err != nil {
		return err
	}
	tx.Record(PersonAssigned{Assignment: a.ID, Project: a.Project, Person: a.Person, Kind: a.Kind, Role: activity.RoleInWork(a.Role), For: a.For, From: a.From, To: a.To, Origin: a.Origin, What: VerbAssignmentChange})
	return grant(ctx, tx, a)
}

// FlagVanishedIn flags the projects of a source that its newest file no longer
// holds, and takes the flag from those that are there again. Nothing is deleted.
func (s *Service) FlagVanishedIn(ctx context.Context, tx *work.Tx, source, batch string, asAt clock.Day, present map[string]bool) (gone int, err error) {
	var newest clock.Day
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(as_at), '') FROM project_statement WHERE source = $1 AND retracted_at = 0`, source).Scan(&newest); err != nil || asAt < newest {
		return 0, err // an older file says nothing about what is gone now
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT s.project_id, q.vanished_from FROM project_statement s JOIN project q ON q.id = s.project_id
		WHERE s.source = $1 AND s.retracted_at = 0 AND q.withdrawn_at = 0 ORDER BY s.project_id`, source)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	type flag struct{ id, was, to string }
	var set []flag
	for rows.Next() {
		var id, from string
		if err := rows.Scan(&id, &from); err != nil {
			return 0, err
		}
		switch {
		case !present[id] && from == "":
			set = append(set, flag{id, from, source})
		case present[id] && from == source:
			set = append(set, flag{id, from, ""})
		}
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	_ = rows.Close() // the one connection is needed for the changes
	for _, f := range set {
		if _, err := tx.ExecContext(ctx, `UPDATE project SET vanished_from = $1 WHERE id = $2`, f.to, f.id); err != nil {
			return 0, err
		}
		if err := effect(ctx, tx, batch, batchEffect{project: f.id, kind: flagged, subject: f.id, was: f.was, became: f.to}); err != nil {
			return 0, err
		}
		tx.Record(ProjectVanished{Project: f.id, Source: source, Back: f.to == ""})
		if f.to != "" {
			gone++
		}
	}
	return gone, nil
}

// ReportedIn states what a submitted report says about a project, within the
// report's own unit of work. Who may submit the report has been decided there.
func (s *Service) ReportedIn(ctx context.Context, tx *work.Tx, project string, asAt clock.Day, facts Facts) error {
	facts, err := checkStatement(ctx, tx, asAt, facts)
	if err != nil {
		return err
	}
	if err := inForce(ctx, tx, project); err != nil {
		return err
	}
	ctx = Through(ctx, ByReport)
	changed, _, err := s.stateIn(ctx, tx, project, asAt, facts, by{source: "report"})
	if err != nil || len(changed) == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE project SET version = version + 1 WHERE id = $1`, project)
	return err
}
