package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportUndo(t *testing.T) {
	db := filepath.Join(t.TempDir(), "cairn.db")
	register := file(t, "register.csv", "id,name,department\n1,Alpha,X\n2,Beta,X\n")
	_, out, errOut := cairn("import", "projects", register, "--db", db, "--json")
	var reports []struct{ ID string }
	if err := json.Unmarshal([]byte(out), &reports); err != nil || len(reports) != 1 || reports[0].ID == "" {
		t.Fatalf("no id: %s%s, %v", out, errOut, err)
	}
	id := reports[0].ID
	if status, out, errOut := cairn("import", "undo", id, "--db", db, "--dry-run"); status != 0 || !strings.Contains(out, "dry run, nothing was changed") || !strings.Contains(out, "2 projects withdrawn") {
		t.Errorf("dry run: %d, %s%s", status, out, errOut)
	}
	if status, out, errOut := cairn("import", "undo", id, "--db", db, "--json"); status != 0 || !strings.Contains(out, `"withdrawn":2`) {
		t.Errorf("undo: %d, %s%s", status, out, errOut)
	}
	if status, _, errOut := cairn("import", "undo", id, "--db", db); status == 0 || !strings.Contains(errOut, "undone already") {
		t.Errorf("undone twice: %d, %s", status, errOut)
	}
	if status, _, errOut := cairn("import", "undo", "nothing", "--db", db); status == 0 || errOut == "" {
		t.Errorf("an unknown import: %d, %s", status, errOut)
	}
	if status, out, _ := cairn("verify", "--db", db); status != 0 || !strings.HasPrefix(out, "ok:") {
		t.Errorf("verify: %d, %s", status, out)
	}
}
