package governance

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// PastUndone is what the undo of an import of past decisions did, or would do.
type PastUndone struct {
	At        int64 // microseconds UTC; 0 if it would
	By        string
	TakenBack int // decisions
	Restored  int // of those, of which an earlier file says something else, which stands again
	Kept      int // left, since a later file or somebody else changed them
	Follow    int // projects that are back on the method and in the phase that they had
}

// UndoPastIn takes back what an import of past decisions did. What a later file
// said, and what somebody decided since, stays. An import is undone once.
func (s *Service) UndoPastIn(ctx context.Context, tx *work.Tx, batch string) (u PastUndone, err error) {
	if err := tx.May(ctx, RecordPast, authz.Instance); err != nil {
		return u, err
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM past_undone WHERE batch = $1`, batch).Scan(&n); err != nil {
		return u, err
	}
	if n > 0 {
		return u, errs.New(errs.Conflict, "This was undone already. To have it back, bring it in again.")
	}
	u.At = sqldb.Micros(tx.Now)
	back, err := pastTaken(ctx, tx, batch, &u)
	if err != nil {
		return u, err
	}
	if err := s.unfollow(ctx, tx, batch, back, &u); err != nil {
		return u, err
	}
	for _, e := range back.list {
		tx.Record(*e)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO past_undone (batch, person_id, undone_at, restored, kept, withdrawn, with_work, assignments) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)`,
		batch, tx.Who.Person, u.At, u.Restored, u.Kept, u.TakenBack, u.Follow)
	return u, err
}

// pastBack gathers what is told of an undo, by project.
type pastBack struct {
	batch string
	list  []*PastTakenBack
	of    map[string]*PastTakenBack
}

func (b *pastBack) tell(project string) *PastTakenBack {
	if b.of[project] == nil {
		b.of[project] = &PastTakenBack{Project: project, Import: b.batch, Gates: []string{}}
		b.list = append(b.list, b.of[project])
	}
	return b.of[project]
}

// pastTaken takes the rows of an import back. What its rows had ended is ended by
// whoever ended them, or stands again.
func pastTaken(ctx context.Context, tx *work.Tx, batch string, u *PastUndone) (*pastBack, error) {
	back := &pastBack{batch: batch, of: map[string]*PastTakenBack{}}
	rows, err := tx.QueryContext(ctx, `SELECT project_id, gate_id, ended_by FROM past_gate WHERE batch = $1 AND why_not = '' AND taken_back_at = 0 ORDER BY project_id, id`, batch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	type row struct{ project, gate, ended string }
	var list []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.project, &r.gate, &r.ended); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE past_gate SET taken_back_at = $1 WHERE batch = $2 AND taken_back_at = 0`, u.At, batch); err != nil {
		return nil, err
	}
	res, err := tx.ExecContext(ctx, `UPDATE past_gate SET ended_by = (SELECT b.ended_by FROM past_gate b WHERE b.batch = $1 AND b.project_id = past_gate.project_id AND b.gate_id = past_gate.gate_id AND b.why_not = '')
		WHERE ended_by = $2 AND taken_back_at = 0 AND EXISTS (SELECT 1 FROM past_gate b WHERE b.batch = $3 AND b.project_id = past_gate.project_id AND b.gate_id = past_gate.gate_id AND b.why_not = '' AND b.ended_by = '')`, batch, batch, batch)
	if err != nil {
		return nil, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return nil, err
	}
	u.Restored = int(n)
	if _, err := tx.ExecContext(ctx, `UPDATE past_gate SET ended_by = (SELECT b.ended_by FROM past_gate b WHERE b.batch = $1 AND b.project_id = past_gate.project_id AND b.gate_id = past_gate.gate_id AND b.why_not = '')
		WHERE ended_by = $2`, batch, batch); err != nil {
		return nil, err
	}
	for _, r := range list {
		if r.ended != "" {
			u.Kept++
			continue
		}
		u.TakenBack++
		e := back.tell(r.project)
		e.Gates = append(e.Gates, r.gate)
	}
	return back, nil
}

// unfollow puts projects back on the row of their method that they had, unless it
// changed since.
func (s *Service) unfollow(ctx context.Context, tx *work.Tx, batch string, back *pastBack, u *PastUndone) error {
	rows, err := tx.QueryContext(ctx, `SELECT project_id, governed_id, before_id FROM past_follow WHERE batch = $1 ORDER BY project_id`, batch)
	if err != nil {
		return err
	}
	defer rows.Close()
	type followed struct{ project, made, before string }
	var list []followed
	for rows.Next() {
		var f followed
		if err := rows.Scan(&f.project, &f.made, &f.before); err != nil {
			return err
		}
		list = append(list, f)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, f := range list {
		now, err := governedOn(ctx, tx, f.project)
		if err != nil {
			return err
		}
		if now == nil || now.ID != f.made {
			u.Kept++
			continue
		}
		back.tell(f.project)
		if err := s.backTo(ctx, tx, now, f.before); err != nil {
			return err
		}
		u.Follow++
	}
	return nil
}

// backTo ends a row of a project's method for the one that stood before it, or
// for none.
func (s *Service) backTo(ctx context.Context, tx *work.Tx, now *Governed, before string) error {
	if before == "" {
		tx.Record(Moved{Project: now.Project, From: now.Version, Why: WhyImported})
		_, err := tx.ExecContext(ctx, `UPDATE governed SET to_on = $1 WHERE id = $2`, tx.Today, now.ID)
		return err
	}
	was, err := scanGoverned(tx.QueryRowContext(ctx, `SELECT `+governedColumns+` FROM governed WHERE id = $1`, before))
	if err != nil {
		return err
	}
	if was.Version != now.Version {
		tx.Record(Moved{Project: now.Project, From: now.Version, To: was.Version, Why: WhyImported})
	} else {
		tx.Record(Moved{Project: now.Project, From: now.Phase, To: was.Phase, Why: WhyPhase})
	}
	return succeed(ctx, tx, now, was)
}

// PastUndoneOf tells what the undo of an import did.
func (s *Service) PastUndoneOf(ctx context.Context, q sqldb.Querier, batch string) (u PastUndone, err error) {
	err = q.QueryRowContext(ctx, `SELECT u.undone_at, COALESCE(p.name, ''), u.withdrawn, u.restored, u.kept, u.assignments FROM past_undone u LEFT JOIN v_person p ON p.id = u.person_id WHERE u.batch = $1`, batch).
		Scan(&u.At, &u.By, &u.TakenBack, &u.Restored, &u.Kept, &u.Follow)
	return u, err
}

// pastChangesPerPage is how many projects a page of changes has.
const pastChangesPerPage = 100

// PastChange is one line of what an import of past decisions did.
type PastChange struct {
	PastGate
	ProjectName, GateName string
	Was                   string // the date that an earlier file had; empty if none
	Ended, Back           bool   // by a later file, by the undo
	Follows               string // the method that the project was put on, or its phase; the line is about that
}

// PastChanges lists what an import did, by project, from a project on; Next is
// the last project of the page, if there are more.
func (s *Service) PastChanges(ctx context.Context, q sqldb.Querier, who authz.Actor, today clock.Day, batch, after string) (out []PastChange, next string, err error) {
	var w sqldb.Where
	w.And("g.batch = ?", batch)
	authz.Scope(&w, who, "g.project_id", today)
	w.And("g.project_id IN (SELECT DISTINCT d.project_id FROM past_gate d WHERE d.batch = ? AND d.project_id > ? ORDER BY d.project_id LIMIT ?)", batch, after, pastChangesPerPage+1)
	rows, err := q.QueryContext(ctx, `SELECT `+pastColumns+`, COALESCE(n.name, ''), g.ended_by, g.taken_back_at,
		COALESCE((SELECT MAX(e.decided_on) FROM past_gate e WHERE e.project_id = g.project_id AND e.gate_id = g.gate_id AND e.ended_by = g.batch), ''), COALESCE(v.name, ''), COALESCE(m.phase, ''), COALESCE(b.method_version_id, ''), COALESCE(m.method_version_id, '')`+
		pastFrom+` LEFT JOIN v_project_name n ON n.id = g.project_id LEFT JOIN past_follow f ON f.batch = g.batch AND f.project_id = g.project_id
		LEFT JOIN governed m ON m.id = f.governed_id LEFT JOIN governed b ON b.id = f.before_id LEFT JOIN method_version v ON v.id = m.method_version_id`+
		w.SQL()+` ORDER BY g.project_id, g.id`, w.Values()...)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	projects, last := 0, ""
	for rows.Next() {
		var c PastChange
		var ended, methodName, phase, versionBefore, version string
		var back int64
		if c.PastGate, err = scanPast(rows, &c.ProjectName, &ended, &back, &c.Was, &methodName, &phase, &versionBefore, &version); err != nil {
			return nil, "", err
		}
		if c.Project != last {
			if projects++; projects > pastChangesPerPage {
				return out, last, nil
			}
			last = c.Project
			if version != "" && version != versionBefore {
				out = append(out, PastChange{PastGate: PastGate{Project: c.Project, Place: c.Place}, ProjectName: c.ProjectName, Follows: methodName})
			}
		}
		c.Ended, c.Back, c.GateName = ended != "", back != 0, GateLabel(c.Gate)
		out = append(out, c)
	}
	return out, "", rows.Err()
}
