package career

import (
	"slices"
	"sort"
	"strings"
)

// Mix is what several options come to when they are done together.
type Mix struct {
	Options      []string // ids
	Name         string
	Hours, Weeks int
	Opens        []string // ids of roles
	Closes       []string // requirements, in words, each once
	Stuck        []string // names of options that cannot begin
	Best         bool     // nothing here opens more for less
	Ticked       bool
}

// Mix works out options together; ids that are not in force are left aside.
func (o Options) Mix(ids []string) (m Mix) {
	times := make([]int, len(o.q.options))
	for i, opt := range o.q.options {
		if slices.Contains(ids, opt.ID) {
			times[i] = 1
			m.Options = append(m.Options, opt.ID)
		}
	}
	m.Name = o.names(m.Options)
	w := o.w.Weigh(times)
	m.Hours, m.Weeks, m.Opens = w.Hours, w.Weeks, o.roleIDs(w.Opens)
	for _, i := range w.Stuck {
		m.Stuck = append(m.Stuck, o.q.options[i].Name)
	}
	seen := map[string]bool{}
	for r, role := range o.q.in.Roles {
		for k, n := range role.Needs {
			says := o.q.now.Says(o.By.Roles[r].Requirements[k])
			if !seen[says] && o.w.Met(n) && !o.q.in.Open(n) {
				seen[says] = true
				m.Closes = append(m.Closes, says)
			}
		}
	}
	return m
}

// Picture is every option by itself, the pairs that nothing beats, and what was
// ticked, by hours. Options that cannot begin yet are left out.
func (o Options) Picture(ticked []string) (out []Mix) {
	times := make([]int, len(o.q.options))
	try := func(places ...int) {
		clear(times)
		for _, i := range places {
			times[i] = 1
		}
		w := o.w.Weigh(times)
		if len(w.Stuck) > 0 {
			return
		}
		m := Mix{Hours: w.Hours, Weeks: w.Weeks, Opens: o.roleIDs(w.Opens)}
		for _, i := range places {
			m.Options = append(m.Options, o.q.options[i].ID)
		}
		out = append(out, m)
	}
	for i := range o.q.options {
		try(i)
		for j := range i {
			try(j, i)
		}
	}
	if len(ticked) > 0 {
		if m := o.Mix(ticked); len(m.Stuck) == 0 {
			out = append(out, m)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Hours != out[j].Hours {
			return out[i].Hours < out[j].Hours
		}
		return len(out[i].Opens) > len(out[j].Opens)
	})
	return o.kept(out, ticked)
}

// kept marks what nothing beats and drops the pairs that something does.
func (o Options) kept(list []Mix, ticked []string) (out []Mix) {
	most, seen := 0, map[string]bool{}
	for _, m := range list {
		m.Best = len(m.Opens) > most
		most = max(most, len(m.Opens))
		m.Ticked = len(ticked) > 0 && len(m.Options) == len(ticked) && !slices.ContainsFunc(m.Options, func(id string) bool { return !slices.Contains(ticked, id) })
		if (m.Best || m.Ticked || len(m.Options) == 1) && !seen[o.names(m.Options)] {
			m.Name = o.names(m.Options)
			seen[m.Name] = true
			out = append(out, m)
		}
	}
	return out
}

func (o Options) names(ids []string) string {
	var names []string
	for _, opt := range o.q.options {
		if slices.Contains(ids, opt.ID) {
			names = append(names, opt.Name)
		}
	}
	return strings.Join(names, " + ")
}
