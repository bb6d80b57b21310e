package career

import (
	"context"
	"strconv"
	"strings"

	"cairn/internal/career/coverage"
	"cairn/internal/career/framework"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// SeeCoverage is to see where the team stands together.
const SeeCoverage = authz.Action("career.see_coverage")

// CoverageRules is the part of the policy table of the team's coverage.
var CoverageRules = []authz.Rule{
	{Action: SeeCoverage, Says: "See how many of the PMO stand where, of those who chose to be counted and never of fewer than five", Roles: []authz.Role{authz.HeadOfPMO}},
}

// CoverageMonths is how long a number that was shown is kept, and new ones are held
// against it.
const CoverageMonths = 24

// Counting is the event of a person who chooses to be counted, or no longer. Only
// they may read it.
type Counting struct {
	Person string `json:"person"`
	On     bool   `json:"on"`
}

// Activity implements activity.Event.
func (e Counting) Activity() activity.Meta {
	return activity.Meta{Verb: "career.counting_chosen", Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}

// Counted reports whether the reader chose to be counted.
func (s *Service) Counted(ctx context.Context, who authz.Actor) (on bool, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		return v.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM career_counted WHERE person_id = $1`, who.Person).Scan(&on)
	})
	return on, err
}

// ChooseCounted sets whether the reader is counted, from the next month on. While
// their career is off there is nothing to count.
func (s *Service) ChooseCounted(ctx context.Context, who authz.Actor, on bool) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		is, err := isOn(ctx, tx, who.Person)
		if err == nil && !is && on {
			err = errs.New(errs.Invalid, "Your career is off: there is nothing to count. Turn it on under My standing first.")
		}
		if err != nil {
			return err
		}
		tx.Record(Counting{Person: who.Person, On: on})
		query := `DELETE FROM career_counted WHERE person_id = $1`
		if on {
			query = `INSERT INTO career_counted (person_id) VALUES ($1) ON CONFLICT (person_id) DO NOTHING`
		}
		_, err = tx.ExecContext(ctx, query, who.Person)
		return err
	})
}

// Covered is what is shown of one competency; no bands if nothing can be.
type Covered struct {
	framework.Competency
	Month string
	coverage.Row
}

// Coverage is where the team stands together, as far as it can be shown.
type Coverage struct {
	By   *framework.Framework
	Rows []Covered // in the order of the framework
	Last string    // the month of the newest counting; empty for none
}

// Coverage reads what was counted, the newest of each competency.
func (s *Service) Coverage(ctx context.Context, who authz.Actor) (c Coverage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeCoverage, authz.Instance); err != nil {
			return err
		}
		if c.By, err = s.inForce(ctx, v); err != nil {
			return err
		}
		if err := v.QueryRowContext(ctx, `SELECT COALESCE(MAX(month), '') FROM coverage_run`).Scan(&c.Last); err != nil {
			return err
		}
		shown, err := shownRows(ctx, v, oldest(v.Today))
		if err != nil {
			return err
		}
		for _, comp := range c.By.Competencies {
			row := Covered{Competency: comp}
			if list := shown[comp.ID]; len(list) > 0 {
				row.Month, row.Row = list[len(list)-1].month, list[len(list)-1].Row
			}
			c.Rows = append(c.Rows, row)
		}
		return nil
	})
	return c, err
}

// oldest is the first month that still counts on a day.
func oldest(today clock.Day) string {
	return date(today).AddDate(0, -CoverageMonths, 0).Format("2006-01")
}

type shownRow struct {
	month string
	coverage.Row
}

// shownRows reads what was shown of each competency, oldest first.
func shownRows(ctx context.Context, q sqldb.Querier, since string) (map[string][]shownRow, error) {
	rows, err := q.QueryContext(ctx, `SELECT month, competency_id, people, bands FROM coverage_row WHERE month >= $1 ORDER BY month, competency_id`, since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]shownRow{}
	for rows.Next() {
		var r shownRow
		var id, bands string
		if err := rows.Scan(&r.month, &id, &r.People, &bands); err != nil {
			return nil, err
		}
		if r.Bands, err = parseBands(bands); err != nil {
			return nil, err
		}
		out[id] = append(out[id], r)
	}
	return out, rows.Err()
}

func formatBands(list []coverage.Band) string {
	var parts []string
	for _, b := range list {
		parts = append(parts, strconv.Itoa(b.From)+"-"+strconv.Itoa(b.To)+":"+strconv.Itoa(b.People))
	}
	return strings.Join(parts, ",")
}

func parseBands(s string) (out []coverage.Band, err error) {
	for part := range strings.SplitSeq(s, ",") {
		levels, people, _ := strings.Cut(part, ":")
		from, to, _ := strings.Cut(levels, "-")
		var b coverage.Band
		for _, n := range []struct {
			text string
			into *int
		}{{from, &b.From}, {to, &b.To}, {people, &b.People}} {
			if *n.into, err = strconv.Atoi(n.text); err != nil {
				return nil, err
			}
		}
		out = append(out, b)
	}
	return out, nil
}

// CountTeam counts where the team stands, once a month, whichever process comes first.
// Counted are the members of the PMO who are there, whose career is on and who chose
// it; not its head, who reads the numbers and could subtract themselves. What each
// stands on is computed as they see it themselves, added up, and forgotten.
func (s *Service) CountTeam(ctx context.Context) error {
	month := s.unit.Today()[:len("2006-01")]
	var done bool
	if err := s.unit.DB.Read.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM coverage_run WHERE month = $1`, month).Scan(&done); err != nil || done {
		return err
	}
	people, err := s.team(ctx)
	if err != nil {
		return err
	}
	counts := map[string]*coverage.Counts{}
	for _, person := range people {
		st, err := s.Standing(ctx, authz.Actor{Person: person, Role: authz.PMOMember})
		if err != nil {
			return err
		}
		for _, l := range st.Levels {
			if counts[l.Competency.ID] == nil {
				counts[l.Competency.ID] = &coverage.Counts{}
			}
			counts[l.Competency.ID][min(max(l.Application, 0), coverage.Levels-1)]++
		}
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error { return keepCounts(ctx, k, month, counts) })
}

func keepCounts(ctx context.Context, k *work.Keeping, month string, counts map[string]*coverage.Counts) error {
	res, err := k.ExecContext(ctx, `INSERT INTO coverage_run (month, made_at) VALUES ($1, $2) ON CONFLICT (month) DO NOTHING`, month, sqldb.Micros(k.Now))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, query := range []string{`DELETE FROM coverage_row WHERE month < $1`, `DELETE FROM coverage_run WHERE month < $1`} {
		if _, err := k.ExecContext(ctx, query, oldest(k.Today)); err != nil {
			return err
		}
	}
	shown, err := shownRows(ctx, k, "")
	if err != nil {
		return err
	}
	for id, c := range counts {
		row, ok := coverage.Show(*c, before(shown, id))
		if !ok {
			continue
		}
		if _, err := k.ExecContext(ctx, `INSERT INTO coverage_row (month, competency_id, people, bands) VALUES ($1, $2, $3, $4)`, month, id, row.People, formatBands(row.Bands)); err != nil {
			return err
		}
	}
	return nil
}

// before is all that a row of a competency can be set beside: its own earlier ones, and
// how many were counted at all, which any row tells.
func before(shown map[string][]shownRow, id string) (out []coverage.Row) {
	for of, list := range shown {
		for _, r := range list {
			if of == id {
				out = append(out, r.Row)
			} else {
				out = append(out, coverage.Row{People: r.People, Bands: []coverage.Band{{To: coverage.Levels - 1, People: r.People}}})
			}
		}
	}
	return out
}

// team are the people who are counted.
func (s *Service) team(ctx context.Context) (out []string, err error) {
	rows, err := s.unit.DB.Read.QueryContext(ctx, `SELECT c.person_id FROM career_counted c JOIN career_choice o ON o.person_id = c.person_id JOIN v_account a ON a.person_id = c.person_id
		JOIN v_person p ON p.id = c.person_id WHERE a.role = $1 AND a.active = TRUE AND NOT p.erased AND (p.left_on = '' OR p.left_on >= $2) ORDER BY c.person_id`, string(authz.PMOMember), s.unit.Today())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
