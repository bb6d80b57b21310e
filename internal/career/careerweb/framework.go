package careerweb

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"cairn/internal/career"
	"cairn/internal/career/framework"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// frameworkRoutes are the pages of the framework, which every account may read.
func (w *Web) frameworkRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/framework", Action: career.SeeFramework, Handle: w.reading("/framework", "Roles", frameworkRolesPage)},
		{Method: http.MethodGet, Pattern: "/framework/competencies", Action: career.SeeFramework, Handle: w.reading("/framework/competencies", "Competencies", competenciesPage)},
		{Method: http.MethodGet, Pattern: "/framework/options", Action: career.SeeFramework, Handle: w.reading("/framework/options", "Options", optionsOfFramework)},
		{Method: http.MethodGet, Pattern: "/framework/rules", Action: career.SeeFramework, Handle: w.reading("/framework/rules", "How it is counted", rulesPage)},
		{Method: http.MethodGet, Pattern: "/framework/versions", Action: career.SeeFramework, Handle: w.frameworks},
		{Method: http.MethodGet, Pattern: "/framework/versions/{id}", Action: career.SeeFramework, Handle: w.frameworkDiff},
		{Method: http.MethodGet, Pattern: "/framework/versions/{id}/file", Action: career.SeeFramework, Handle: w.frameworkFile},
		{Method: http.MethodGet, Pattern: "/framework/versions/{id}/case", Action: career.SeeFramework, Handle: w.frameworkCase},
		{Method: http.MethodGet, Pattern: "/framework/draft", Action: career.WriteFramework, Handle: w.frameworkDraft},
		{Method: http.MethodPost, Pattern: "/framework/draft", Action: career.WriteFramework, Handle: w.writeFramework},
		{Method: http.MethodGet, Pattern: "/framework/draft/part", Action: career.WriteFramework, Handle: w.frameworkPart},
		{Method: http.MethodPost, Pattern: "/framework/draft/part", Action: career.WriteFramework, Handle: w.writeFrameworkPart},
		{Method: http.MethodPost, Pattern: "/framework/draft/shipped", Action: career.WriteFramework, Handle: w.draftShipped},
		{Method: http.MethodPost, Pattern: "/framework/draft/drop", Action: career.WriteFramework, Handle: w.dropFramework},
		{Method: http.MethodGet, Pattern: "/framework/draft/publish", Action: career.PublishFramework, Handle: w.publishFrameworkPage},
		{Method: http.MethodPost, Pattern: "/framework/draft/publish", Action: career.PublishFramework, Handle: w.publishFramework},
	}
}

// may reports whether the reader's role allows an action on the framework.
func may(r *web.Req, a authz.Action) bool {
	return slices.ContainsFunc(career.FrameworkRules, func(x authz.Rule) bool { return x.Action == a && slices.Contains(x.Roles, r.Who().Role) })
}

func frameworkPage(r *web.Req, title string, crumbs ...ui.Crumb) ui.Page {
	p := r.Page(title, "framework")
	p.Crumbs = append([]ui.Crumb{{Label: "Framework", Href: "/framework"}}, crumbs...)
	return p
}

// readView is a version to be read.
type readView struct {
	*framework.Framework
	career.FrameworkVersion
	Here     string
	Named    string // id of the version if one is named in the address
	MayWrite bool
}

// path leads to another page of the same version.
func (v readView) path(to string) string {
	if v.Named == "" {
		return to
	}
	return to + "?version=" + url.QueryEscape(v.Named)
}

// reading shows a part of a version: of the one in force unless the address names
// another.
func (w *Web) reading(here, title string, page func(readView) templComponent) func(*web.Req) error {
	return func(r *web.Req) error {
		v := readView{Here: here, Named: r.Query("version"), MayWrite: may(r, career.WriteFramework)}
		id := v.Named
		if id == "" {
			id = career.InForce
		}
		var err error
		if v.FrameworkVersion, v.Framework, err = w.career.Framework(r.Context(), r.Who(), id); err != nil {
			return err
		}
		p := r.Page(title, "framework")
		if here != "/framework" {
			p = frameworkPage(r, title)
		}
		return r.Render(p, page(v))
	}
}

type versionsView struct {
	List       []career.FrameworkVersion
	Draft      *career.FrameworkDraft
	MayWrite   bool
	Newer      bool // what ships is none of the versions
	MayPublish bool
}

func (w *Web) frameworks(r *web.Req) error {
	v := versionsView{MayWrite: may(r, career.WriteFramework), MayPublish: may(r, career.PublishFramework)}
	var err error
	if v.List, v.Draft, err = w.career.Frameworks(r.Context(), r.Who()); err != nil {
		return err
	}
	v.Newer = !slices.ContainsFunc(v.List, func(x career.FrameworkVersion) bool { return x.SHA256 == career.ShippedSHA256() })
	return r.Render(frameworkPage(r, "Versions of the framework"), versionsPage(v))
}

type diffView struct {
	career.FrameworkVersion
	Base    career.FrameworkVersion
	Changes []changesOf
	List    []career.FrameworkVersion
}

func (w *Web) frameworkDiff(r *web.Req) error {
	var v diffView
	var changes []framework.Change
	var err error
	if v.FrameworkVersion, v.Base, changes, err = w.career.FrameworkDiff(r.Context(), r.Who(), r.Path("id"), r.Query("against")); err != nil {
		return err
	}
	if v.List, _, err = w.career.Frameworks(r.Context(), r.Who()); err != nil {
		return err
	}
	v.Changes = byPart(changes)
	return r.Render(frameworkPage(r, v.title(), ui.Crumb{Label: "Versions", Href: "/framework/versions"}), frameworkDiffPage(v))
}

func (v diffView) title() string { return "Version " + strconv.Itoa(v.Number) }

func (w *Web) frameworkFile(r *web.Req) error {
	v, text, err := w.career.FrameworkFile(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return r.File("application/yaml", fmt.Sprintf("%s-%d.yaml", v.Framework, v.Number), text)
}

func (w *Web) frameworkCase(r *web.Req) error {
	v, f, err := w.career.Framework(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	file, err := caseFile(v, f, w.career.Office())
	if err != nil {
		return err
	}
	return r.File("application/json", fmt.Sprintf("%s-%d.case.json", v.Framework, v.Number), file)
}

func caseFile(v career.FrameworkVersion, f *framework.Framework, creator string) ([]byte, error) {
	if creator == "" {
		creator = f.About.Title
	}
	return framework.CaseExport{Framework: f, Creator: creator, Version: strconv.Itoa(v.Number), Published: time.UnixMicro(v.At)}.JSON()
}

// changesOf are the changes of one kind of part.
type changesOf struct {
	Part string
	List []framework.Change
}

func byPart(list []framework.Change) (out []changesOf) {
	for _, c := range list {
		if n := len(out); n == 0 || out[n-1].Part != c.Part {
			out = append(out, changesOf{Part: c.Part})
		}
		last := &out[len(out)-1]
		last.List = append(last.List, c)
	}
	return out
}

func changedCount(list []changesOf) string {
	n := 0
	for _, k := range list {
		n += len(k.List)
	}
	if n == 0 {
		return "no difference"
	}
	return ui.Count(n, "difference", "differences")
}

// errorsOf gives the errors of fields, or the whole error at one of them.
func errorsOf(err error, at string) []ui.FieldError {
	if list := errs.FieldsOf(err); len(list) > 0 {
		return list
	}
	return []ui.FieldError{{Name: at, Message: web.MessageOf(err)}}
}
