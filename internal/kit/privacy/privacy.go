// Package privacy is how a feature answers for what it holds about a person:
// what there is, what becomes of it when they are erased, and a copy for them.
package privacy

import (
	"context"
	"strings"

	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Fate is what becomes of data when its person is erased.
type Fate string

// The fates.
const (
	Erased     Fate = "erased"     // it is gone
	Anonymised Fate = "anonymised" // it stays and no longer says who
	Kept       Fate = "kept"       // it stays as it is, for the reason given
)

// Subject is the person whom it is about.
type Subject struct {
	ID, Name, Email string
	KeepWords       bool // what they wrote for others stays, without their name
}

// Holding is one kind of data about a person. Data is the name of its row in
// docs/privacy.md, which a test compares.
type Holding struct {
	Data    string
	Count   int // how many there are
	Fate    Fate
	Why     string
	Private bool // how many there are is told to the person alone
}

// Holder is a feature that holds data about people.
type Holder interface {
	// Holdings says what there is about a person.
	Holdings(ctx context.Context, q sqldb.Querier, s Subject) ([]Holding, error)
	// EraseIn does to it what Holdings says, within the unit of work of the erasure.
	EraseIn(ctx context.Context, tx *work.Tx, s Subject) error
	// Copy gives the person all of it, by a name for each kind.
	Copy(ctx context.Context, q sqldb.Querier, s Subject) (map[string]any, error)
	// Places lists the columns that hold numbers of people.
	Places() []Place
}

// Count counts with a query that gives one number.
func Count(ctx context.Context, q sqldb.Querier, query string, args ...any) (n int, err error) {
	err = q.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// Run runs statements that each take the same arguments.
func Run(ctx context.Context, tx *work.Tx, args []any, statements ...string) error {
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s, args...); err != nil {
			return err
		}
	}
	return nil
}

// Rows gives the rows of a query by the names of its columns, for a copy.
func Rows(ctx context.Context, q sqldb.Querier, query string, args ...any) ([]map[string]any, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	out := []map[string]any{}
	for rows.Next() {
		values, dest := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		row := make(map[string]any, len(names))
		for i, n := range names {
			row[n] = values[i]
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// Containing is a pattern for LIKE ... ESCAPE '!' that finds a text anywhere,
// in letters that were lowered as the database lowers them.
func Containing(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.Map(lowered, text)) + "%"
}

// lowered lowers ASCII alone, which is what lower() does on both engines for
// columns that compare by code point.
func lowered(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}
