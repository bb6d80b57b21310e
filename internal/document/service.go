package document

import (
	"context"
	"io"

	"cairn/internal/document/filetype"
	"cairn/internal/document/scan"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/blob"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// UsualLimit is the largest file, in bytes, unless the operator says otherwise.
const UsualLimit = 25 << 20

// Options are what the service is made with.
type Options struct {
	Asked   Asked        // nil: the method asks for nothing
	Scanner scan.Scanner // nil: files are not scanned
	Limit   int64        // of a file, in bytes; 0 is UsualLimit
}

// Service is what people can do with documents.
type Service struct {
	unit  *work.Unit
	blobs *blob.Store
	Options
}

// NewService makes the service.
func NewService(u *work.Unit, o Options) *Service {
	if o.Limit <= 0 {
		o.Limit = UsualLimit
	}
	return &Service{u, blob.New(u), o}
}

// required gives what the method asks of a project.
func (s *Service) required(ctx context.Context, q sqldb.Querier, project string) ([]Required, error) {
	if s.Asked == nil {
		return nil, nil
	}
	return s.Asked.Documents(ctx, q, project)
}

func (s *Service) requiredOf(ctx context.Context, q sqldb.Querier, project, kind string) (Required, error) {
	list, err := s.required(ctx, q, project)
	if err != nil {
		return Required{}, err
	}
	for _, r := range list {
		if r.ID == kind {
			return r, nil
		}
	}
	return Required{}, errs.OnField("kind", "The method asks for no such document of this project.")
}

// Write adds a version that is a text or a link.
func (s *Service) Write(ctx context.Context, who authz.Actor, w Writing) (Version, error) {
	v := Version{Form: w.Form, Body: w.Body, SHA256: hashOf(w.Body), Size: int64(len(w.Body))}
	switch w.Form {
	case Text:
		v.MediaType = "text/markdown"
	case Link:
		v.MediaType = "text/uri-list"
	case File:
		return v, errs.OnField("form", "Upload the file.")
	}
	return s.add(ctx, who, w, v)
}

// Upload adds a version that is a file, as it arrives. Its type and, where there
// is a scanner, its content are looked at before it counts.
func (s *Service) Upload(ctx context.Context, who authz.Actor, w Writing, name string, content io.Reader) (v Version, err error) {
	w.Form = File
	if err := s.mayAdd(ctx, who, w); err != nil {
		return v, err
	}
	v = Version{Form: File, FileName: name}
	f, err := s.blobs.Put(ctx, content, s.Limit, func(f *blob.File) (err error) {
		if v.MediaType, err = filetype.Check(name, f, f.Size); err == nil {
			v.Checked, err = s.scan(ctx, f)
		}
		return err
	})
	if err != nil {
		return v, err
	}
	v.SHA256, v.Size = f.SHA256, f.Size
	return s.add(ctx, who, w, v)
}

// mayAdd looks whether a file would be taken before it is received.
func (s *Service) mayAdd(ctx context.Context, who authz.Actor, w Writing) error {
	return s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		d, err := s.target(ctx, v, w)
		if err != nil {
			return err
		}
		if err := v.May(ctx, WriteDocument, authz.On(d.Project)); err != nil {
			return err
		}
		return w.check(d.ID == "")
	})
}

// scan asks the scanner. Who has one wants no file that it did not look at.
func (s *Service) scan(ctx context.Context, f *blob.File) (string, error) {
	if s.Scanner == nil {
		return "", nil
	}
	said, err := s.Scanner.Scan(ctx, f.Reader())
	switch {
	case err != nil:
		return "", &errs.Error{
			Kind: errs.Invalid, Err: err,
			Fields: []errs.Field{{Name: "file", Message: "The virus scanner did not answer, so the file was not kept. Try again later, or tell your administrator."}},
		}
	case said == scan.Infected:
		return "", errs.OnField("file", "The virus scanner found something in this file. It was not kept.")
	}
	return string(said), nil
}

// target finds the document that is written on; without an id it is to begin.
func (s *Service) target(ctx context.Context, q sqldb.Querier, w Writing) (Document, error) {
	if w.Document != "" {
		return getDocument(ctx, q, w.Document)
	}
	if w.Project == "" {
		return Document{}, errs.Missing("project")
	}
	d := Document{Project: w.Project, Kind: w.Kind, Name: w.Name, Purpose: w.Purpose}
	if w.Kind == "" {
		return d, nil
	}
	have, err := getKind(ctx, q, w.Project, w.Kind)
	if err == nil {
		return have, nil
	}
	if !errs.Is(err, errs.NotFound) {
		return d, err
	}
	return d, nil
}

// add puts a version behind the others of its document.
func (s *Service) add(ctx context.Context, who authz.Actor, w Writing, v Version) (Version, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		d, err := s.target(ctx, tx, w)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, WriteDocument, authz.On(d.Project)); err != nil {
			return err
		}
		if err := w.check(d.ID == ""); err != nil {
			return err
		}
		if d.ID == "" {
			if err := s.begin(ctx, tx, &d); err != nil {
				return err
			}
		} else if w.Base != d.Latest {
			return errs.New(errs.Conflict, "Somebody wrote version %d meanwhile. It is shown beside yours.", d.Latest)
		}
		if d.Latest > 0 {
			last, err := getVersion(ctx, tx, d.ID, d.Latest)
			if err != nil {
				return err
			}
			if last.SHA256 == v.SHA256 && last.Form == v.Form && !last.Erased {
				return errs.New(errs.Duplicate, "This is word for word version %d. Nothing was kept.", last.Number)
			}
		}
		v.ID, v.Document, v.Number, v.State = tx.NewID(), d.ID, d.Latest+1, Draft
		v.Writer, v.WrittenAt = who.Person, sqldb.Micros(tx.Now)
		if err := insertVersion(ctx, tx, v); err != nil {
			return err
		}
		tx.Record(eventOf(verbDrafted, d, v, who.Person))
		d.Latest, d.State, d.ChangedAt = v.Number, Draft, v.WrittenAt
		return touch(ctx, tx, d, v.Number-1)
	})
	return v, err
}

// begin makes the document that a first version is of.
func (s *Service) begin(ctx context.Context, tx *work.Tx, d *Document) error {
	if err := projectThere(ctx, tx, d.Project); err != nil {
		return err
	}
	if d.Kind != "" {
		r, err := s.requiredOf(ctx, tx, d.Project, d.Kind)
		if err != nil {
			return err
		}
		d.Name, d.Purpose = r.Name, r.Purpose
	}
	d.ID, d.State, d.ChangedAt = tx.NewID(), Draft, sqldb.Micros(tx.Now)
	return insertDocument(ctx, tx, *d)
}

func eventOf(what string, d Document, v Version, by string) Event {
	return Event{Document: d.ID, Project: d.Project, Kind: d.Kind, Number: v.Number, Form: v.Form, SHA256: v.SHA256, Size: v.Size, Writer: v.Writer, By: by, Asked: v.Asked, What: what}
}

// Open opens the file of a version.
func (s *Service) Open(ctx context.Context, who authz.Actor, id string, number int) (v Version, f *blob.File, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, view *work.View) error {
		d, err := getDocument(ctx, view, id)
		if err != nil {
			return err
		}
		if err := view.May(ctx, SeeDocuments, authz.On(d.Project)); err != nil {
			return err
		}
		v, err = getVersion(ctx, view, id, number)
		return err
	})
	if err != nil {
		return v, nil, err
	}
	if v.Form != File || v.Erased {
		return v, nil, errs.Missing("file")
	}
	f, err = s.blobs.Open(ctx, v.SHA256)
	return v, f, err
}
