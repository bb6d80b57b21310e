package app

import (
	"context"
	"fmt"
	"testing"

	"cairn/internal/app/demo"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// bigCareer is the demonstration's analyst with two thousand pieces more.
func bigCareer(b *testing.B) (*App, authz.Actor) {
	b.Helper()
	ctx := context.Background()
	db := kittest.NewDB(b, sqldb.SQLite)
	a := makeDemo(b, db, 12, 60, true)
	who := authz.Actor{Role: authz.PMOMember}
	if err := db.Read.QueryRowContext(ctx, `SELECT id FROM person WHERE name = $1`, demo.Analyst).Scan(&who.Person); err != nil {
		b.Fatal(err)
	}
	if _, err := db.Write.ExecContext(ctx, `INSERT INTO career_item (person_id, item_key, kind, work_role, origin, project_id, from_on, to_on, subject_kind, subject_id, detail, body_id, tier, seq)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
		SELECT $1, 'bench/' || i, CASE i % 4 WHEN 0 THEN 'report.submitted' WHEN 1 THEN 'control.assessed' WHEN 2 THEN 'gate.facilitated' ELSE 'condition.followed' END, 'led', 'recorded',
		COALESCE((SELECT p.id FROM project p WHERE p.rowid = 1 + n.i % 60), ''), date('2024-01-01', '+' || (i % 800) || ' days'), date('2024-01-01', '+' || (i % 800) || ' days'), 'report', '', '', '', 'M', 0 FROM n`, who.Person); err != nil {
		b.Fatal(err)
	}
	return a, who
}

// BenchmarkStandingOf2000 reads and computes a standing of two thousand pieces of
// recorded work and twenty-odd entries of their own; the limit is 5 ms.
func BenchmarkStandingOf2000(b *testing.B) {
	a, who := bigCareer(b)
	for b.Loop() {
		st, err := a.Career.Standing(context.Background(), who)
		if err != nil || len(st.Items) < 2000 {
			b.Fatal(len(st.Items), err)
		}
	}
}

// BenchmarkOneEventMovesAStanding derives one person's items from one entry of the
// record; the limit is 2 ms.
func BenchmarkOneEventMovesAStanding(b *testing.B) {
	a, _ := bigCareer(b)
	ctx := context.Background()
	if err := a.CatchUp(ctx); err != nil {
		b.Fatal(err)
	}
	var last int64
	if err := a.Store.Read.QueryRowContext(ctx, `SELECT MAX(p.seq) FROM activity_participant p JOIN activity a ON a.seq = p.seq JOIN career_choice c ON c.person_id = p.person_id WHERE a.verb LIKE 'report.%'`).Scan(&last); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := a.Store.Write.ExecContext(ctx, `UPDATE activity_cursor SET position = $1 WHERE reader = 'career'`, last-1); err != nil {
			b.Fatal(err)
		}
		if n, err := a.Unit.CatchUp(ctx, a.Career.Reader(), 1); err != nil || n != 1 {
			b.Fatal(fmt.Sprint(n, err))
		}
	}
}
