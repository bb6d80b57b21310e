package app

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"cairn/internal/app/demo"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// bigCareer is the demonstration's analyst with as many pieces more as make two
// thousand.
func bigCareer(b *testing.B) (*App, authz.Actor) {
	b.Helper()
	ctx := context.Background()
	db := kittest.NewDB(b, sqldb.SQLite)
	a := makeDemo(b, db, 12, 60, true)
	who := authz.Actor{Role: authz.PMOMember}
	if err := db.Read.QueryRowContext(ctx, `SELECT id FROM person WHERE name = $1`, demo.Analyst).Scan(&who.Person); err != nil {
		b.Fatal(err)
	}
	st, err := a.Career.Standing(ctx, who)
	if err != nil {
		b.Fatal(err)
	}
	for _, made := range []string{
		`INSERT INTO activity (seq, id, at, verb, version, actor_id, subject_kind, subject_id, project_id, audience, digest, hash)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			SELECT (SELECT MAX(seq) FROM activity) + i, 'bench-' || i, 1700000000000000 + i * 30000000000, CASE i % 3 WHEN 0 THEN 'control.assessed' WHEN 1 THEN 'gate.facilitated' ELSE 'condition.closed' END, 1,
			$2, 'bench', 's' || i, (SELECT p.id FROM project p WHERE p.rowid = 1 + n.i % 60), '', x'00', x'00' FROM n`,
		`INSERT INTO activity_payload (seq, salt, payload)
			SELECT seq, x'00', '{"event":{"project":"' || project_id || '"},"participants":[{"person":"' || actor_id || '","role":"led"}]}' FROM activity WHERE id LIKE 'bench-%' AND $1 > 0 AND actor_id = $2`,
		`INSERT INTO activity_participant (seq, person_id, role, for_person_id) SELECT seq, actor_id, 'led', '' FROM activity WHERE id LIKE 'bench-%' AND $1 > 0 AND actor_id = $2`,
	} {
		if _, err := db.Write.ExecContext(ctx, made, max(1, 2000-len(st.Items)), who.Person); err != nil {
			b.Fatal(err)
		}
	}
	if err := a.CatchUp(ctx); err != nil {
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

// BenchmarkStandingsOf5000FromScratch derives what a million participations are for
// five thousand people from the record alone, and computes every standing; the limit
// is 10 s.
func BenchmarkStandingsOf5000FromScratch(b *testing.B) {
	ctx := context.Background()
	a := makeDemo(b, kittest.NewDB(b, sqldb.SQLite), 1, 3, true)
	if err := a.CatchUp(ctx); err != nil {
		b.Fatal(err)
	}
	for _, made := range []string{
		`INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version)
			WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999) SELECT printf('bench-%04d', i), 'Bench', 'bench', '', '', '', '', '', 1 FROM n`,
		`INSERT INTO career_choice (person_id, since) SELECT id, 0 FROM person WHERE id LIKE 'bench-%'`,
		`INSERT INTO activity (seq, id, at, verb, version, actor_id, subject_kind, subject_id, project_id, audience, digest, hash)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
			SELECT (SELECT MAX(seq) FROM activity) + i, 'bench-' || i, 1700000000000000 + i * 300000000, CASE i % 3 WHEN 0 THEN 'report.submitted' WHEN 1 THEN 'gate.reviewed' ELSE 'condition.closed' END, 1,
			printf('bench-%04d', i * 5 % 5000), 'bench', 's' || i, 'p' || (i % 2000), '', x'00', x'00' FROM n`,
		`INSERT INTO activity_payload (seq, salt, payload)
			SELECT seq, x'00', printf('{"event":{"project":"%s","period":"2024-%02d"},"participants":[{"person":"bench-%04d","role":"led"},{"person":"bench-%04d","role":"led"},{"person":"bench-%04d","role":"contributed"},{"person":"bench-%04d","role":"contributed"},{"person":"bench-%04d","role":"led"}]}',
			project_id, 1 + seq % 12, seq * 5 % 5000, (seq * 5 + 1) % 5000, (seq * 7 + 2) % 5000, (seq * 11 + 3) % 5000, (seq * 13 + 4) % 5000) FROM activity WHERE id LIKE 'bench-%'`,
	} {
		if _, err := a.Store.Write.ExecContext(ctx, made); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		b.StopTimer()
		if _, err := a.Store.Write.ExecContext(ctx, `DELETE FROM career_pack`); err != nil {
			b.Fatal(err)
		}
		if err := a.Unit.Rewind(ctx, a.Career.Reader().Name); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		began := b.Elapsed()
		if err := a.catchUp(ctx, a.Career.Reader()); err != nil {
			b.Fatal(err)
		}
		derived := b.Elapsed() - began
		counted := standings(ctx, b, a)
		b.ReportMetric(derived.Seconds(), "s-deriving")
		b.ReportMetric((b.Elapsed() - began).Seconds(), "s-in-all")
		b.ReportMetric(float64(counted), "pieces")
	}
}

// standings computes those of all five thousand, on every core, and counts their pieces.
func standings(ctx context.Context, b *testing.B, a *App) int {
	b.Helper()
	var counted atomic.Int64
	var all sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for first := range cores {
		all.Go(func() {
			for i := first; i < 5000; i += cores {
				st, err := a.Career.Standing(ctx, authz.Actor{Person: fmt.Sprintf("bench-%04d", i), Role: authz.Member})
				if err != nil {
					b.Error(err)
				}
				counted.Add(int64(len(st.Items)))
			}
		})
	}
	all.Wait()
	return int(counted.Load())
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
