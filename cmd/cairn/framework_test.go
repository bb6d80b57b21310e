package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestFrameworkIsCheckedExportedAndImported(t *testing.T) {
	if status, out, errOut := cairn("framework", "check"); status != 0 || !strings.Contains(out, "get what it says") {
		t.Fatalf("the one that ships: %d, %s%s", status, out, errOut)
	}
	db := filepath.Join(t.TempDir(), "cairn.db")
	_, text, _ := cairn("framework", "export", "--db", db)
	bad := file(t, "bad.yaml", strings.Replace(text, "{competency: reporting,", "{competency: reportin,", 1))
	for _, args := range [][]string{{"framework", "check", bad}, {"framework", "import", bad, "--db", db}} {
		if status, out, _ := cairn(args...); status != 2 || !strings.Contains(out, `there is no competency "reportin"; did you mean "reporting"?`) {
			t.Errorf("%v: %d, %s", args, status, out)
		}
	}
	copied := filepath.Join(t.TempDir(), "out.yaml")
	if status, out, errOut := cairn("framework", "export", copied, "--db", db); status != 0 || out != "" {
		t.Fatalf("export: %d, %s%s", status, out, errOut)
	}
	if status, _, errOut := cairn("framework", "export", copied, "--db", db); status != 2 || !strings.Contains(errOut, "exists") {
		t.Errorf("a file that is there: %d, %s", status, errOut)
	}
	if status, _, errOut := cairn("framework", "import", copied, "--db", db, "--publish"); status != 2 || !strings.Contains(errOut, "Say what changes and why") {
		t.Errorf("without words: %d, %s", status, errOut)
	}
	if status, out, _ := cairn("framework", "import", copied, "--db", db); status != 2 || out != "" {
		t.Errorf("a draft is there already: %d, %s", status, out)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	less := file(t, "less.yaml", strings.Replace(text, "hours: 180", "hours: 170", 1))
	if status, out, errOut := cairn("framework", "import", less, "--db", other, "--publish", "--changes", "It takes less."); status != 0 || !strings.Contains(out, "version 2") {
		t.Fatalf("publish: %d, %s%s", status, out, errOut)
	}
	if status, out, _ := cairn("framework", "export", "--db", other, "--version", "1"); status != 0 || out != text {
		t.Errorf("version 1 comes out other than it went in: %d", status)
	}
	if status, out, _ := cairn("framework", "export", "--db", other, "--case"); status != 0 || !strings.Contains(out, `"caseVersion": "1.1"`) || !strings.Contains(out, "no place for roles") {
		t.Errorf("CASE: %d, %.200s", status, out)
	}
	if status, _, errOut := cairn("framework", "export", "--db", other, "--version", "7"); status != 2 || !strings.Contains(errOut, "no version 7") {
		t.Errorf("a version that is none: %d, %s", status, errOut)
	}
}
