package app

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// The program goes on when its code was given back, with less of it in memory.
func TestTheProgramGoesOnWhenItsCodeIsGivenBack(t *testing.T) {
	before := mapped(t)
	if asked := letGo(); asked == 0 {
		t.Fatal("nothing was given back")
	}
	if after := mapped(t); after >= before {
		t.Errorf("%d kB of files were mapped, %d are", before, after)
	}
	check(t, os.WriteFile(t.TempDir()+"/again", []byte("it still runs"), 0o600))
}

// mapped is how much of files is in the memory of this process, in kB.
func mapped(t *testing.T) (kb int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	check(t, err)
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "RssFile:"); ok {
			kb, err = strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")))
			check(t, err)
		}
	}
	return kb
}
