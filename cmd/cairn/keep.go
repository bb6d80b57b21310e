package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cairn/internal/app/archive"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
)

type backupCmd struct {
	common
	File string `arg:"" help:"The archive to write. It must not exist yet."`
}

// Run writes the archive beside its final name and then renames it, so that a
// file of that name is always whole.
func (c backupCmd) Run(ctx context.Context, out io.Writer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // a reading has nothing to lose
	if _, err := os.Stat(c.File); err == nil {
		return errs.New(errs.Invalid, "%s exists. Name a new file.", c.File)
	}
	f, err := os.CreateTemp(filepath.Dir(c.File), ".cairn-backup-*")
	if err != nil {
		return err
	}
	m, err := archive.Write(ctx, a.Store, f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), c.File)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	var rows int64
	for _, t := range m.Tables {
		rows += t.Rows
	}
	_, err = fmt.Fprintf(out, "%s: %d tables, %d rows, record up to entry %d.\n", c.File, len(m.Tables), rows, m.Record.Seq)
	return err
}

type restoreCmd struct {
	common
	File string `arg:"" help:"The archive to read." type:"existingfile"`
}

// Run restores into an empty database.
func (c restoreCmd) Run(ctx context.Context, out io.Writer) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	db, err := sqldb.Open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // everything is committed by then
	m, err := archive.Restore(ctx, db, f, info.Size())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Restored %d tables; sums, counts and the record up to entry %d hold.\n", len(m.Tables), m.Record.Seq)
	return err
}

type verifyCmd struct {
	common
	Checkpoint string `help:"Compare with the head kept in this file, then keep the present one there. Keep the file on another machine: a record alone cannot see that its end was cut off." placeholder:"FILE"`
	JSON       bool   `help:"Say the result as JSON."`
}

// Run verifies; exit status 2 if the record or a file is broken.
func (c verifyCmd) Run(ctx context.Context, out io.Writer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // a reading has nothing to lose
	head, err := readCheckpoint(c.Checkpoint)
	if err != nil {
		return err
	}
	report, err := activity.Verify(ctx, a.Store.Read, head)
	var broken *activity.Broken
	if errors.As(err, &broken) {
		_, _ = fmt.Fprintf(out, "BROKEN at entry %d: %s\n", broken.Seq, broken.Why)
		return exit(2)
	}
	if err != nil {
		return err
	}
	files, bad, err := a.Documents.CheckFiles(ctx)
	if err != nil {
		return err
	}
	for _, f := range bad {
		_, _ = fmt.Fprintf(out, "BROKEN file %s: %s\n", f.SHA256, f.Why)
	}
	if len(bad) > 0 {
		return exit(2)
	}
	if c.Checkpoint != "" {
		b, err := json.Marshal(report.Head)
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Checkpoint, append(b, '\n'), 0o600); err != nil {
			return err
		}
	}
	if c.JSON {
		return json.NewEncoder(out).Encode(struct {
			activity.Report
			Files int `json:"files"` // that are what their hashes say
		}{report, files})
	}
	_, err = fmt.Fprintf(out, "ok: %d entries, %d erased, head %d %s; %d files\n", report.Entries, report.Erased, report.Head.Seq, report.Head.Hash, files)
	return err
}

func readCheckpoint(path string) (*activity.Head, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // the first time there is nothing to compare with
	}
	if err != nil {
		return nil, err
	}
	var h activity.Head
	if err := json.Unmarshal(b, &h); err != nil {
		return nil, errs.New(errs.Invalid, "%s is not a checkpoint of Cairn.", path)
	}
	return &h, nil
}
