package app

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Files that were brought in before Cairn remembered them count as they did, those
// too whose statements know no import.
func TestFilesOfBeforeAreRememberedByTheUpgrade(t *testing.T) {
	eachMoving(t, func(t *testing.T, a *App, c *clock.Manual) {
		const head = "id,name,department\n"
		first := bring(t, a, "r.csv", head+"1,Alpha,D\n2,Beta,D\n3,Gamma,D\n", "r", "2025-01-31", nil)
		c.Advance(time.Minute)
		bring(t, a, "r.csv", head+"1,Alpha,D\n2,Beta,D\n4,Delta,D\n", "r", "2025-02-28", nil)
		c.Advance(time.Minute)
		bring(t, a, "r.csv", head+"1,Alpha,D\n2,Beta changed,D\n4,Delta,D\n", "r", "2025-02-28", nil)
		flags := func(when, want string) {
			t.Helper()
			var gone []string
			for name, p := range byName(t, a) {
				if p.VanishedFrom != "" {
					gone = append(gone, name)
				}
			}
			if got := strings.Join(slices.Sorted(slices.Values(gone)), " "); got != want {
				t.Errorf("%s: gone are %q, want %q", when, got, want)
			}
		}
		flags("before", "Gamma")
		dir := map[sqldb.Engine]string{sqldb.SQLite: "sqlite", sqldb.Postgres: "postgres"}[a.Store.Engine]
		file, err := os.ReadFile("../kit/migrate/" + dir + "/00043_source_files.sql")
		check(t, err)
		_, upgrade, _ := strings.Cut(string(file), "ON source_file (source, batch);")
		upgrade, _, _ = strings.Cut(upgrade, "-- +goose Down")
		steps := append([]string{
			`DELETE FROM batch_effect WHERE kind = 'held'`, `DELETE FROM source_file`,
			`UPDATE project_statement SET batch = '' WHERE batch = '` + first.ID + `'`,
		}, strings.Split(strings.TrimSpace(upgrade), ";\n")...)
		for _, s := range steps {
			if _, err := a.Store.Write.Exec(s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
		// An older file moves nothing; the newest file's projects are there, and one
		// that only the first held is gone.
		c.Advance(time.Minute)
		bring(t, a, "r.csv", head+"5,Epsilon,D\n", "r", "2024-12-31", nil)
		flags("after an older file", "Epsilon Gamma")
	})
}
