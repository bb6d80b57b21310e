package governanceweb

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type versionView struct {
	governance.Version
	Method   *method.Method
	Base     *method.Method
	BaseOf   governance.Version
	Changes  []changesOf
	Adoption []governance.Adopted
	Older    int // projects on older versions
	Newest   bool
	MayWrite bool
	Today    clock.Day
}

func (w *Web) version(r *web.Req) error {
	v := versionView{MayWrite: mayWrite(r), Today: w.gov.Today()}
	var err error
	if v.Version, v.Method, v.Base, err = w.gov.Method(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	if v.Base != nil {
		v.Changes = byKind(method.Diff(v.Base, v.Method))
	}
	if v.Adoption, err = w.gov.Adoption(r.Context(), r.Who(), v.ID); err != nil {
		return err
	}
	list, _, err := w.gov.Methods(r.Context(), r.Who())
	if err != nil {
		return err
	}
	v.Newest = true
	for _, other := range list {
		if other.Method != v.Version.Method {
			continue
		}
		v.Newest = v.Newest && other.Number <= v.Number
		if other.Number < v.Number {
			v.Older += other.Projects
		}
		if other.ID == v.BasedOn {
			v.BaseOf = other
		}
	}
	return r.Render(methodPage(r, v.title(), methodsCrumb), versionPage(v))
}

func (v versionView) title() string { return fmt.Sprintf("%s, version %d", v.Name, v.Number) }

func (w *Web) versionFile(r *web.Req) error {
	v, m, _, err := w.gov.Method(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return r.File("application/yaml", fmt.Sprintf("%s-%d.yaml", v.Method, v.Number), m.Source())
}

type movingView struct {
	governance.Impact
	To       governance.Version
	Project  string // of one project's page; empty for all
	Name     string
	May      bool
	Chosen   map[string]bool
	Failed   []string // what could not be moved, and why
	MovedNow int
	Error    string
}

func (w *Web) moving(r *web.Req) error { return w.showMoving(r, http.StatusOK, movingView{}) }

func (w *Web) showMoving(r *web.Req, status int, v movingView) error {
	var err error
	if v.Impact, v.To, err = w.gov.Moving(r.Context(), r.Who(), r.Path("id"), nil); err != nil {
		return err
	}
	v.May = mayWrite(r)
	p := methodPage(r, fmt.Sprintf("Move projects to version %d", v.To.Number), methodsCrumb)
	return r.RenderStatus(status, p, movingPage(v))
}

// move moves the chosen projects, each as its own step: one that cannot be moved
// keeps no other from it.
func (w *Web) move(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := movingView{Chosen: map[string]bool{}}
	chosen := f.Values["project"]
	if len(chosen) == 0 {
		v.Error = "Choose the projects to move."
		return w.showMoving(r, http.StatusUnprocessableEntity, v)
	}
	if len(chosen) > 500 {
		v.Error = "At most 500 projects at once."
		return w.showMoving(r, http.StatusUnprocessableEntity, v)
	}
	for _, id := range chosen {
		err := w.gov.Move(r.Context(), r.Who(), id, r.Path("id"))
		if errs.Is(err, errs.Internal) {
			return err
		}
		if err != nil {
			v.Chosen[id] = true
			v.Failed = append(v.Failed, web.MessageOf(err))
			continue
		}
		v.MovedNow++
	}
	if len(v.Failed) == 0 {
		return r.Go("/methods/versions/"+r.Path("id")+"/move", countMoved(v.MovedNow)+" What is asked anew has its days of grace.")
	}
	slices.Sort(v.Failed)
	v.Failed = slices.Compact(v.Failed)
	return w.showMoving(r, web.StatusOf(errs.Conflict), v)
}

func countMoved(n int) string {
	if n == 1 {
		return "1 project was moved."
	}
	return fmt.Sprintf("%d projects were moved.", n)
}

func (w *Web) projectMoving(r *web.Req) error {
	s, err := w.sheaf(r)
	if err != nil {
		return err
	}
	if s.Governed == nil || s.Newer == nil {
		return r.Render(w.projectPage(r, "Method", s), projectMethodPage(s))
	}
	v := movingView{Project: s.Project, Name: s.Name, May: s.MayMove}
	if v.Impact, v.To, err = w.gov.Moving(r.Context(), r.Who(), s.Newer.ID, []string{s.Project}); err != nil {
		return err
	}
	return r.Render(w.projectPage(r, fmt.Sprintf("Move to version %d", v.To.Number), s), projectMovingPage(v, s))
}

func (w *Web) moveProject(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := w.gov.Move(r.Context(), r.Who(), r.Path("id"), f.Text("version")); err != nil {
		return err
	}
	return r.Go("/projects/"+r.Path("id")+"/controls", "Moved. What is asked anew has its days of grace.")
}

// points gives the places of a line in a chart of this size.
func points(list []governance.Adopted, width, height int) []point {
	most := 1
	for _, a := range list {
		most = max(most, a.Of)
	}
	out := make([]point, len(list))
	for i, a := range list {
		x := 0
		if len(list) > 1 {
			x = i * width / len(list)
		}
		out[i] = point{X: x, Wide: max(4, width/len(list)-6), All: a.Of * height / most, Follow: a.Follow * height / most, Adopted: a}
	}
	return out
}

type point struct {
	governance.Adopted
	X, Wide, All, Follow int
}

func lastAdopted(list []governance.Adopted) governance.Adopted {
	if len(list) == 0 {
		return governance.Adopted{}
	}
	return list[len(list)-1]
}

// controlsOf lists the controls of a group, by name.
func controlsOf(m *method.Method, group string) (out []*method.Control) {
	for i := range m.Controls {
		if m.Controls[i].Group == group {
			out = append(out, &m.Controls[i])
		}
	}
	return out
}

// authorityRows lists who decides, by decision and then by tier.
func authorityRows(m *method.Method) []method.Authority {
	out := slices.Clone(m.Authority)
	slices.SortStableFunc(out, func(a, b method.Authority) int {
		return cmp.Or(cmp.Compare(a.Decision, b.Decision), cmp.Compare(a.Tier, b.Tier))
	})
	return out
}
