package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // registers "sqlite"
)

// cairn runs a command line and gives its status and what it said.
func cairn(args ...string) (status int, out, errOut string) {
	var o, e bytes.Buffer
	status = run(args, &o, &e)
	return status, o.String(), e.String()
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelpTeaches(t *testing.T) {
	status, out, _ := cairn("--help")
	if status != 0 {
		t.Errorf("status %d", status)
	}
	for _, word := range []string{"demo", "serve", "migrate", "import", "export", "backup", "restore", "verify", "version", "framework", "cairn demo"} {
		if !strings.Contains(out, word) {
			t.Errorf("the help does not speak of %q", word)
		}
	}
	if status, _, errOut := cairn("fly"); status == 0 || !strings.Contains(errOut, "cairn --help") {
		t.Errorf("an unknown command: %d, %s", status, errOut)
	}
}

func TestImportExportBackupRestoreVerify(t *testing.T) {
	db := filepath.Join(t.TempDir(), "cairn.db")
	register := file(t, "register 2026.csv", "id,name,department,rag,start date\n1,Alpha,X,Green,2025-02-03\n2,Beta,X,Red,2025-02-04\n")
	status, out, errOut := cairn("import", "projects", register, "--db", db, "--json")
	var reports []struct {
		File                              string
		Rows, Created, Changed, Unchanged int
		Vanished                          int
		Refused                           []struct{ Row int }
	}
	if err := json.Unmarshal([]byte(out), &reports); status != 0 || err != nil || len(reports) != 1 || reports[0].Created != 2 {
		t.Fatalf("status %d, %s%s, %v", status, out, errOut, err)
	}
	if !strings.Contains(out, `"refused":[]`) {
		t.Errorf("no refusal is an empty list: %s", out)
	}
	bad := file(t, "register 2027.csv", "id,name,start date\n1,Alpha,31/02/2025\n")
	if status, out, _ := cairn("import", "projects", bad, "--db", db); status != 2 || !strings.Contains(out, "row 2, start date") {
		t.Errorf("a refused row: status %d, %s", status, out)
	}
	nameless := file(t, "x.csv", "colour,taste\nred,sweet\n")
	if status, _, errOut := cairn("import", "projects", nameless, "--db", db); status != 2 || !strings.Contains(errOut, "Name") {
		t.Errorf("no name column: status %d, %s", status, errOut)
	}
	if status, out, _ := cairn("export", "projects", "--db", db, "--format", "json"); status != 0 || !strings.Contains(out, `"Alpha"`) {
		t.Errorf("export: %d, %s", status, out)
	}
	check := filepath.Join(t.TempDir(), "head.json")
	if status, out, _ := cairn("verify", "--db", db, "--checkpoint", check); status != 0 || !strings.HasPrefix(out, "ok:") {
		t.Errorf("verify: %d, %s", status, out)
	}
	archive := filepath.Join(t.TempDir(), "all.zip")
	if status, _, errOut := cairn("backup", archive, "--db", db); status != 0 {
		t.Fatalf("backup: %d, %s", status, errOut)
	}
	if status, _, _ := cairn("backup", archive, "--db", db); status != 2 {
		t.Errorf("over an archive that is there: status %d", status)
	}
	again := filepath.Join(t.TempDir(), "again.db")
	if status, _, errOut := cairn("restore", archive, "--db", again); status != 0 {
		t.Fatalf("restore: %d, %s", status, errOut)
	}
	if status, _, _ := cairn("restore", archive, "--db", db); status != 2 {
		t.Errorf("restore over a database that is not empty: status %d", status)
	}
	cutTheTail(t, again)
	if status, _, _ := cairn("verify", "--db", again); status != 0 {
		t.Errorf("a cut tail cannot be seen without a checkpoint: status %d", status)
	}
	if status, out, _ := cairn("verify", "--db", again, "--checkpoint", check); status != 2 {
		t.Errorf("with the checkpoint it can: status %d, %s", status, out)
	}
}

// cutTheTail takes the last entry away, as somebody with the file in hand could.
func cutTheTail(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{
		`DROP TRIGGER activity_no_delete`, `DROP TRIGGER activity_payload_no_delete`,
		`DELETE FROM activity_participant WHERE seq = (SELECT MAX(seq) FROM activity)`, `DELETE FROM activity_payload WHERE seq = (SELECT MAX(seq) FROM activity)`,
		`DELETE FROM activity WHERE seq = (SELECT MAX(seq) FROM activity)`,
		`UPDATE activity_head SET seq = (SELECT MAX(seq) FROM activity), hash = (SELECT hash FROM activity ORDER BY seq DESC LIMIT 1)`,
	} {
		if _, err := db.ExecContext(context.Background(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

func TestDemoRefusesADatabaseThatItDidNotMake(t *testing.T) {
	db := filepath.Join(t.TempDir(), "cairn.db")
	register := file(t, "r.csv", "name\nAlpha\n")
	if status, _, errOut := cairn("import", "projects", register, "--db", db); status != 0 {
		t.Fatal(errOut)
	}
	if status, _, errOut := cairn("demo", "--db", db, "--listen", "127.0.0.1:0"); status != 2 || !strings.Contains(errOut, "not made by the demonstration") {
		t.Errorf("status %d, %s", status, errOut)
	}
	if status, _, errOut := cairn("serve", "--db", db, "--tz", "Mars/Olympus"); status == 0 || !strings.Contains(errOut, "time zone") {
		t.Errorf("an unknown zone: %d, %s", status, errOut)
	}
}
