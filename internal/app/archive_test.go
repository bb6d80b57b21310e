package app

import (
	"bytes"
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/app/archive"
	"cairn/internal/app/demo"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func written(t *testing.T, db *sqldb.DB) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := archive.Write(context.Background(), db, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// restored fills a new database of an engine.
func restored(t *testing.T, e sqldb.Engine, file []byte) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(context.Background(), kittest.FreshDSN(t, e))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := archive.Restore(context.Background(), db, bytes.NewReader(file), int64(len(file))); err != nil {
		t.Fatalf("restore into %s: %v", e, err)
	}
	return db
}

// TestAnArchiveCarriesEveryRowAcrossEngines restores an organisation from each
// engine into each, and from there back, and compares table by table, row by row.
func TestAnArchiveCarriesEveryRowAcrossEngines(t *testing.T) {
	notUnderRace(t)
	engines := []sqldb.Engine{sqldb.SQLite, sqldb.Postgres}
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		a := makeDemo(t, db, 5, 10, true)
		analyst := authz.Actor{Role: authz.PMOMember}
		if err := db.Read.QueryRowContext(ctx, `SELECT id FROM person WHERE name = $1`, demo.Analyst).Scan(&analyst.Person); err != nil {
			t.Fatal(err)
		}
		if err := a.Career.TurnOn(ctx, analyst); err != nil {
			t.Fatal(err)
		}
		if _, err := a.People.EnterDemo(ctx, "ines.calloway@demo.invalid"); err != nil {
			t.Fatal(err)
		}
		if err := a.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		want, file := contents(t, db), written(t, db)
		for _, table := range []string{"session", "career_pack", "report_version", "activity_payload", "case_answer", "activity_cursor", "document_version", "blob_part"} {
			if len(want[table]) == 0 || want[table][0] == "" {
				t.Errorf("%s is empty: nothing is tried with it", table)
			}
		}
		for _, there := range engines {
			first := restored(t, there, file)
			if d := cmp.Diff(want, contents(t, first)); d != "" {
				t.Errorf("%s restored into %s (-want +got):\n%.2000s", db.Engine, there, d)
			}
			back := restored(t, db.Engine, written(t, first))
			if d := cmp.Diff(want, contents(t, back)); d != "" {
				t.Errorf("%s by way of %s (-want +got):\n%.2000s", db.Engine, there, d)
			}
		}
	})
}

// TestATornArchiveIsRefused cuts an archive off at many places, as a backup that
// was killed would leave it, and changes bytes in many places: restore refuses, or
// restores exactly what was there.
func TestATornArchiveIsRefused(t *testing.T) {
	notUnderRace(t)
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		source := kittest.NewDB(t, sqldb.SQLite)
		makeDemo(t, source, 5, 2, true)
		want, file, empty := contents(t, source), written(t, source), contents(t, db)
		try := func(what string, at int, torn []byte) {
			_, err := archive.Restore(ctx, db, bytes.NewReader(torn), int64(len(torn)))
			if err == nil {
				t.Fatalf("%s at byte %d of %d was restored", what, at, len(file))
			}
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s at byte %d is not said to be the archive's fault: %v", what, at, err)
			}
		}
		step := len(file)/40 + 1
		for at := 0; at < len(file); at += step {
			try("cut", at, file[:at])
		}
		for at := 40; at < len(file)-step; at += step {
			changed := bytes.Clone(file)
			changed[at] ^= 0x55
			if _, err := archive.Restore(ctx, db, bytes.NewReader(changed), int64(len(changed))); err == nil {
				// A byte that says nothing, such as a time stamp of the zip.
				if d := cmp.Diff(want, contents(t, db)); d != "" {
					t.Fatalf("changed at byte %d it restores something else:\n%.2000s", at, d)
				}
				db = kittest.NewDB(t, db.Engine)
			}
		}
		// A new database has the one row of these two already.
		if d := cmp.Diff(empty, contents(t, db)); d != "" {
			t.Errorf("after refusals the database is not as a new one (-new +now):\n%.2000s", d)
		}
	})
}
