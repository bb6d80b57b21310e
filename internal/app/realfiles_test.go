package app

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/transfer"
)

// realRegisters are the rows of those real files that are registers, as their
// publishers, or a plain reading, count them.
var realRegisters = map[string]int{"uk_2016.csv": 143, "uk_2018.csv": 133, "uk_2019.csv": 133, "uk_2021.csv": 184, "Capital_Delivery_Project_deidentified.csv": 445, "llis.csv": 1637}

// realFiles lists every real file of others, whatever it is.
func realFiles(t *testing.T) (out []string) {
	t.Helper()
	err := filepath.WalkDir(kittest.RealData(t, ""), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			out = append(out, path)
		}
		return err
	})
	if err != nil || len(out) < len(realRegisters) {
		t.Fatalf("%d files: %v", len(out), err)
	}
	return out
}

// TestEveryRealFileIsReadOrRefusedInWords tries each file as the program does, and
// once more with its first column taken for the name where no name was found.
// TestRefusalsNameTheCellAndChangeNothing is the sibling that always runs.
func TestEveryRealFileIsReadOrRefusedInWords(t *testing.T) {
	files := realFiles(t)
	ctx := context.Background()
	eachApp(t, func(t *testing.T, a *App) {
		read, refused := 0, 0
		for _, path := range files {
			name := filepath.Base(path)
			rep, err := a.ImportFile(ctx, path, ImportOptions{DryRun: true})
			want, register := realRegisters[name]
			switch {
			case err == nil && register && rep.Rows == want && rep.Created+rep.RefusedRows == want:
				read++
			case err == nil || register:
				t.Errorf("%s: %d rows, %d created, %d refused: %v", name, rep.Rows, rep.Created, rep.RefusedRows, err)
			case !refusedInWords(err):
				t.Errorf("%s: %v", name, err)
			default:
				refused++
				forceName(t, a, path)
			}
		}
		t.Logf("%d files: %d read, %d refused", len(files), read, refused)
	})
}

func refusedInWords(err error) bool {
	fields := errs.FieldsOf(err)
	return errs.Is(err, errs.Invalid) && len(fields) > 0 && strings.HasSuffix(fields[0].Message, ".")
}

func forceName(t *testing.T, a *App, path string) {
	t.Helper()
	src, err := openReal(path)
	if err != nil {
		if !refusedInWords(err) {
			t.Errorf("%s: %v", path, err)
		}
		return
	}
	fields, err := a.Transfer.Fields(context.Background(), operator, transfer.Projects)
	if err != nil {
		t.Fatal(err)
	}
	p, err := transfer.Propose(src.File, "", fields)
	if err == nil && len(p.Plan.Columns) > 0 {
		p.Plan.Columns[0].Field, p.Plan.Source = "name", "real"
		_, err = a.Transfer.Run(context.Background(), operator, src, p.Plan, true)
	}
	if err != nil && !refusedInWords(err) {
		t.Errorf("%s by its first column: %v", path, err)
	}
}

func openReal(path string) (src transfer.Source, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return src, err
	}
	return transfer.Read(bytes.NewReader(content), int64(len(content)), filepath.Base(path))
}
