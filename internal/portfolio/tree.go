package portfolio

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Tree is the portfolios and programmes, by name.
type Tree struct {
	Portfolios []Portfolio
	Programmes []Programme
}

// Tree lists the portfolios and programmes that the reader may see.
func (s *Service) Tree(ctx context.Context, who authz.Actor) (t Tree, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		t, err = readTree(ctx, v)
		return err
	})
	return t, err
}

func readTree(ctx context.Context, v *work.View) (t Tree, err error) {
	var w sqldb.Where
	v.Scope(&w, "f.id")
	rows, err := v.QueryContext(ctx, `SELECT f.id, f.name, f.code, f.purpose, f.version FROM portfolio f`+w.SQL()+` ORDER BY f.name_key`, w.Values()...)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		var f Portfolio
		if err := rows.Scan(&f.ID, &f.Name, &f.Code, &f.Purpose, &f.Version); err != nil {
			return t, err
		}
		t.Portfolios = append(t.Portfolios, f)
	}
	if err := rows.Err(); err != nil {
		return t, err
	}
	t.Programmes, err = programmes(ctx, v)
	return t, err
}

func programmes(ctx context.Context, v *work.View) (out []Programme, err error) {
	var w sqldb.Where
	v.Scope(&w, "g.id")
	rows, err := v.QueryContext(ctx, `SELECT g.id, g.portfolio_id, f.name, g.name, g.code, g.purpose, g.version
		FROM programme g JOIN portfolio f ON f.id = g.portfolio_id`+w.SQL()+` ORDER BY g.name_key, g.id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var g Programme
		if err := rows.Scan(&g.ID, &g.Portfolio, &g.PortfolioName, &g.Name, &g.Code, &g.Purpose, &g.Version); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// AddPortfolio adds a portfolio.
func (s *Service) AddPortfolio(ctx context.Context, who authz.Actor, f Portfolio) (Portfolio, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Organise, authz.Instance); err != nil {
			return err
		}
		return addPortfolioIn(ctx, tx, &f)
	})
	return f, err
}

func addPortfolioIn(ctx context.Context, tx *work.Tx, f *Portfolio) error {
	if err := checkNode(f.Name, f.Code, f.Purpose); err != nil {
		return err
	}
	f.ID, f.Version = tx.NewID(), 1
	if _, err := tx.ExecContext(ctx, `INSERT INTO portfolio (id, name, name_key, code, purpose, version) VALUES ($1, $2, $3, $4, $5, 1)`,
		f.ID, f.Name, fold.Sort(f.Name), f.Code, f.Purpose); err != nil {
		if sqldb.IsDuplicate(err) {
			return errs.OnField("name", "There is a portfolio of this name.")
		}
		return err
	}
	tx.Record(NodeAdded{Node: f.ID})
	return authz.PutNode(ctx, tx, authz.Node{ID: f.ID})
}

// AddProgramme adds a programme to a portfolio.
func (s *Service) AddProgramme(ctx context.Context, who authz.Actor, g Programme) (Programme, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Organise, authz.Instance); err != nil {
			return err
		}
		return addProgrammeIn(ctx, tx, &g)
	})
	return g, err
}

func addProgrammeIn(ctx context.Context, tx *work.Tx, g *Programme) error {
	if err := checkNode(g.Name, g.Code, g.Purpose); err != nil {
		return err
	}
	if g.Portfolio == "" {
		id, err := defaultPortfolio(ctx, tx)
		if err != nil {
			return err
		}
		g.Portfolio = id
	}
	var one int
	if err := tx.QueryRowContext(ctx, `SELECT 1 FROM portfolio WHERE id = $1`, g.Portfolio).Scan(&one); errors.Is(err, sql.ErrNoRows) {
		return errs.OnField("portfolio", "There is no such portfolio.")
	} else if err != nil {
		return err
	}
	g.ID, g.Version = tx.NewID(), 1
	if _, err := tx.ExecContext(ctx, `INSERT INTO programme (id, portfolio_id, name, name_key, code, purpose, version) VALUES ($1, $2, $3, $4, $5, $6, 1)`,
		g.ID, g.Portfolio, g.Name, fold.Sort(g.Name), g.Code, g.Purpose); err != nil {
		if sqldb.IsDuplicate(err) {
			return errs.OnField("name", "This portfolio has a programme of this name.")
		}
		return err
	}
	tx.Record(NodeAdded{Node: g.ID, Parent: g.Portfolio})
	return authz.PutNode(ctx, tx, authz.Node{ID: g.ID, Parent: g.Portfolio})
}

// RenamePortfolio and RenameProgramme change name, code and purpose; a stale
// version is a Conflict.
func (s *Service) RenamePortfolio(ctx context.Context, who authz.Actor, f Portfolio) error {
	return s.rename(ctx, who, "portfolio", f.ID, f.Version, f.Name, f.Code, f.Purpose)
}

// RenameProgramme changes name, code and purpose of a programme.
func (s *Service) RenameProgramme(ctx context.Context, who authz.Actor, g Programme) error {
	return s.rename(ctx, who, "programme", g.ID, g.Version, g.Name, g.Code, g.Purpose)
}

func (s *Service) rename(ctx context.Context, who authz.Actor, kind, id string, version int64, name, code, purpose string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Organise, authz.On(id)); err != nil {
			return err
		}
		if err := checkNode(name, code, purpose); err != nil {
			return err
		}
		query := `UPDATE portfolio SET name = $1, name_key = $2, code = $3, purpose = $4, version = version + 1 WHERE id = $5 AND version = $6`
		if kind == "programme" {
			query = `UPDATE programme SET name = $1, name_key = $2, code = $3, purpose = $4, version = version + 1 WHERE id = $5 AND version = $6`
		}
		res, err := tx.ExecContext(ctx, query, name, fold.Sort(name), code, purpose, id, version)
		if sqldb.IsDuplicate(err) {
			return errs.OnField("name", "There is another of this name.")
		}
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.New(errs.Conflict, "Somebody changed this meanwhile. Read it again and repeat your change.")
		}
		tx.Record(NodeRenamed{Node: id, Kind: kind})
		return nil
	})
}

func checkNode(name, code, purpose string) error {
	var c errs.Check
	c.That(name != "", "name", "Enter a name.")
	c.Fits("name", name, maxText)
	c.Fits("code", code, 60)
	c.Fits("purpose", purpose, maxLongText)
	return c.Err()
}

func checkParent(ctx context.Context, q sqldb.Querier, id string) error {
	_, _, err := nodeName(ctx, q, id)
	if errors.Is(err, sql.ErrNoRows) {
		return errs.OnField(string(Parent), "There is no such programme or portfolio.")
	}
	return err
}

// defaultPortfolio finds the first portfolio, or makes one: a register needs a
// top, and a newcomer should not have to think of it.
func defaultPortfolio(ctx context.Context, tx *work.Tx) (string, error) {
	var id string
	err := tx.QueryRowContext(ctx, `SELECT id FROM portfolio ORDER BY id LIMIT 1`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		f := Portfolio{Name: "All projects"}
		err = addPortfolioIn(ctx, tx, &f)
		return f.ID, err
	}
	return id, err
}
