package governance

import (
	"context"
	"database/sql"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/governance/method"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// The limit is what was spent and the exact percentage of what was released, cut to
// the minor unit, for any amount.
func TestTheLimitIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount, spent := rapid.Int64Range(0, 1<<60).Draw(t, "released"), rapid.Int64Range(0, 1<<60).Draw(t, "spent")
		pct := rapid.IntRange(0, 99).Draw(t, "percent")
		r := Released{Amount: sql.NullInt64{Int64: amount, Valid: true}, Spent: sql.NullInt64{Int64: spent, Valid: true}}
		want := new(big.Int).Mul(big.NewInt(amount), big.NewInt(int64(pct)))
		want.Div(want, big.NewInt(100)).Add(want, big.NewInt(spent))
		if got, ok := r.Limit(pct); !ok || want.Cmp(big.NewInt(got)) != 0 {
			t.Fatalf("%d, want %s", got, want)
		}
		r.Spent.Valid = false
		if _, ok := r.Limit(pct); ok {
			t.Fatal("a limit above what nobody knows")
		}
	})
}

func TestSpendingAboveTheLimitIsToldWhileAConditionIsOpen(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		p := w.project(t, method.M, "shape", 400_000)
		spend := func(minor int64) {
			w.exec(t, `UPDATE project_version SET actual = $1 WHERE project_id = $2`, minor, p)
		}
		told := func(who string) []Spending {
			t.Helper()
			d, err := w.GatesDesk(ctx, actor(who))
			if err != nil {
				t.Fatal(err)
			}
			return d.Overspent
		}
		spend(20_000_00)
		g2 := w.open(t, p, "g2")
		ruling := conditional(w.goRuling(t, g2), "g2-case", "2026-05-01")
		for typed, want := range map[string]string{"much": "Enter an amount", "-1": "not below zero", "€ 5": "in GBP"} {
			ruling.Released = typed
			_, err := w.DecideGate(ctx, actor("spo"), g2, ruling)
			fieldsOf(t, err, want)
		}
		ruling.Released = "100,000"
		if _, err := w.DecideGate(ctx, actor("spo"), g2, ruling); err != nil {
			t.Fatal(err)
		}
		spend(70_000_00)
		if list := told("pm"); len(list) != 0 {
			t.Errorf("half of it may be spent: %+v", list)
		}
		spend(70_000_01)
		for _, who := range []string{"pm", "spo"} {
			if list := told(who); len(list) != 1 || list[0].Limit != 70_000_00 || list[0].Over() != 1 || list[0].Project != p {
				t.Errorf("%s is told %+v", who, list)
			}
		}
		if list := told("out"); len(list) != 0 {
			t.Errorf("somebody else is told %+v", list)
		}
		j, err := w.Journey(ctx, actor("out"), p)
		if err != nil || j.Spending == nil || j.Spending.Over() != 1 {
			t.Fatalf("%+v %v", j.Spending, err)
		}
		c := j.Open()[0]
		if _, err := w.GiveProof(ctx, actor("own"), c.ID, 0, "The note."); err != nil {
			t.Fatal(err)
		}
		if list := told("pm"); len(list) != 1 {
			t.Errorf("a proof that nobody looked at closes nothing: %+v", list)
		}
		if _, err := w.CloseCondition(ctx, actor("spo"), c.ID, 0, "Seen."); err != nil {
			t.Fatal(err)
		}
		if list := told("pm"); len(list) != 0 {
			t.Errorf("the condition is closed: %+v", list)
		}
	})
}

func TestOnlyAConditionalGoHoldsMoneyBack(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newGateWorld(t, db)
		g2 := w.open(t, w.project(t, method.M, "shape", 400_000), "g2")
		ruling := w.goRuling(t, g2)
		ruling.Released = "100"
		_, err := w.DecideGate(ctx, actor("spo"), g2, ruling)
		fieldsOf(t, err, "Only a conditional go")
	})
}
