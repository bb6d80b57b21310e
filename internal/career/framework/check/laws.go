package check

import (
	"slices"
	"strconv"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
)

func rulePath(c framework.Competency, level int) string {
	return "competencies/" + c.ID + "/application/" + strconv.Itoa(level) + "/rule"
}

// reach: the best work imaginable gives each level and each role.
func (t *trial) reach() {
	for _, c := range t.f.Competencies {
		for _, l := range c.Application {
			if !t.reached(c, l.Level, effort{best: true}) {
				t.Say(rulePath(c, l.Level), "nobody can reach it: no work that can be had meets this rule")
			}
		}
	}
	this := t.f.Competencies[0]
	for level := 1; level <= 4; level++ {
		asks := framework.Role{ID: "knowledge", Requirements: []framework.Expr{{Competency: this.ID, Knowledge: level}}}
		if t.best(asks, effort{best: true}) == nil {
			t.Say("knowledge_rules/"+strconv.Itoa(level), "nobody can reach it: no work that can be had meets this rule")
		}
	}
	for _, r := range t.f.Roles {
		for i, x := range r.Requirements {
			alone := framework.Role{ID: r.ID, Requirements: []framework.Expr{x}}
			if t.best(alone, effort{best: true}) == nil {
				t.Say("roles/"+r.ID+"/requirements/"+strconv.Itoa(i+1), "nobody can reach the role: no work that can be had meets this requirement")
			}
		}
	}
	for _, o := range t.f.Options {
		first := framework.Role{ID: o.ID, Requirements: o.After.Levels}
		if len(o.After.Levels) > 0 && t.best(first, effort{best: true}) == nil {
			t.Say("options/"+o.ID+"/after", "nobody can take it: what has to come first cannot be reached")
		}
	}
}

// reached reports whether work of an effort gives a level.
func (t *trial) reached(c framework.Competency, level int, e effort) bool {
	f := t.small(t.own(c))
	for _, way := range t.levelWays(c.ID, level, 0) {
		if work := t.work(way, e); work != nil && t.application(f, work, c.ID) >= level {
			return true
		}
	}
	return t.left <= 0
}

// best gives work that qualifies for a role, nil if there is none. More work never
// closes anything, so each requirement brings its own.
func (t *trial) best(r framework.Role, e effort) (all []standing.Item) {
	all = []standing.Item{}
	for _, x := range r.Requirements {
		alone := t.small(t.with(x), framework.Role{ID: r.ID, Requirements: []framework.Expr{x}})
		i := slices.IndexFunc(t.ways(x, t.f.RoleDefaults, "", 0), func(way []demand) bool {
			work := t.work(way, e)
			if work == nil || !t.qualifies(alone, work) {
				return false
			}
			all = append(all, work...)
			return true
		})
		if i < 0 && t.left > 0 {
			return nil
		}
	}
	return all
}

// implied: the least work for a level, in each of its ways and kinds, meets the
// level below.
func (t *trial) implied() {
	for _, c := range t.f.Competencies {
		for level := 2; level <= 4; level++ {
			rest := slices.DeleteFunc(t.own(c), func(o framework.Competency) bool { return o.ID == c.ID })
			this := t.small(append(slices.Clone(rest), onlyLevel(c, level)))
			below := t.small(append(slices.Clone(rest), onlyLevel(c, level-1)))
			if kind := t.gap(this, below, c.ID, level, t.levelWays(c.ID, level, 0)); kind != "" {
				t.Say(rulePath(c, level), "level %d can be met without level %d, by %s: ask for at least as much as below, and no older", level, level-1, kind)
			}
		}
	}
	t.impliedKnowledge()
}

// gap looks for least work that meets one framework's level and not the level below
// in the other; it names the kind of that work.
func (t *trial) gap(this, below *framework.Framework, id string, level int, ways [][]demand) string {
	for _, way := range ways {
		kinds := 1
		for _, d := range way {
			kinds = max(kinds, len(d.Kinds))
		}
		for k := range kinds {
			work := t.work(way, effort{kind: k})
			if t.application(this, work, id) != level {
				continue // this kind alone cannot meet it
			}
			work = t.least(work, func(some []standing.Item) bool { return t.application(this, some, id) == level })
			if t.application(below, work, id) != level-1 && t.left > 0 {
				return t.f.KindName(work[0].Kind)
			}
		}
	}
	return ""
}

// least leaves out what is not needed.
func (t *trial) least(work []standing.Item, enough func([]standing.Item) bool) []standing.Item {
	if len(work) > 150 {
		return work
	}
	for i := len(work) - 1; i >= 0; i-- {
		if without := slices.Delete(slices.Clone(work), i, i+1); enough(without) {
			work = without
		}
	}
	return work
}

// impliedKnowledge does the same for the one rule of knowledge, with a competency
// whose level is how many pieces of an invented kind there are.
func (t *trial) impliedKnowledge() {
	invented := framework.Kind{ID: "·applied", Units: []string{"count"}, Roles: []string{t.f.RolesInWork[0].ID}}
	never := 0
	c := framework.Competency{ID: "·this"}
	for level := 1; level <= 4; level++ {
		c.Application = append(c.Application, framework.Level{Level: level, Rule: framework.Expr{
			Kinds: []string{invented.ID}, As: invented.Roles[0], Count: level, WithinMonths: &never, Grade: t.f.Grades[0].ID,
		}})
	}
	own := *t.f
	own.Competencies, own.ExperienceKinds = []framework.Competency{c}, append(slices.Clone(t.f.ExperienceKinds), invented)
	inner := &trial{t.Reading, &own, t.left}
	f := inner.small(own.Competencies)
	knows := func(work []standing.Item) int {
		levels := inner.evaluate(f, work).Levels
		if len(levels) == 0 {
			return 0
		}
		return levels[0].Knowledge
	}
	for level := 2; level <= 4; level++ {
		below := *f
		nothing := framework.Expr{Kinds: []string{"·nothing"}}
		below.KnowledgeRules = map[int]framework.Expr{1: nothing, 2: nothing, 3: nothing, 4: nothing}
		below.KnowledgeRules[level-1] = t.f.KnowledgeRules[level-1]
		for _, way := range inner.ways(t.f.KnowledgeRules[level], t.f.LevelDefaults[level], c.ID, 0) {
			work := inner.work(way, effort{})
			if knows(work) < level {
				continue
			}
			s := inner.evaluate(&below, work)
			if len(s.Levels) == 1 && s.Levels[0].Knowledge < level-1 {
				t.Say("knowledge_rules/"+strconv.Itoa(level), "knowledge %d can be met without knowledge %d", level, level-1)
			}
		}
	}
	t.left = inner.left
}

// ownWord: what nobody confirmed ends at level 2 and opens no role.
func (t *trial) ownWord() {
	said := effort{best: true, grade: t.f.Grades[0].ID}
	for _, c := range t.f.Competencies {
		for level := 3; level <= 4; level++ {
			if t.left > 0 && t.reached(c, level, said) {
				t.Say(rulePath(c, level), "one's own word would be enough; from level 3 on somebody has to confirm it, or the record")
			}
		}
	}
	for _, r := range t.f.Roles {
		if t.left > 0 && t.best(r, said) != nil {
			t.Say("roles/"+r.ID+"/requirements", "one's own word would be enough for this role; ask for something that was confirmed or recorded")
		}
	}
}

// volume: much of the same in one month on one project is no more than help. It
// is a warning, since a small office may have to ask for less.
func (t *trial) volume() {
	for _, c := range t.f.Competencies {
		if kind, level := t.heap(c); level > 2 {
			t.Warn(rulePath(c, level), "a thousand times %s in one month on one project would be enough; ask for other projects, people or quarters, or for different kinds of work", kind)
		}
	}
}

func (t *trial) heap(c framework.Competency) (name string, level int) {
	f := t.small(t.own(c))
	people := make([]string, 60)
	for i := range people {
		people[i] = strconv.Itoa(i)
	}
	for _, k := range t.f.ExperienceKinds {
		it := standing.Item{
			Kind: k.ID, As: t.role(demand{}, k, true), Grade: t.f.Grades[len(t.f.Grades)-1].ID, Tier: t.f.Tiers[len(t.f.Tiers)-1].ID, Project: "p",
			People: people, Attesters: people, From: Day, To: Day, Hours: 10, Outside: true,
		}
		if !mentions(c, k.ID) {
			continue
		}
		heap := make([]standing.Item, 1000)
		for i := range heap {
			heap[i] = it
		}
		if got := t.application(f, heap, c.ID); got > level {
			name, level = k.Name, got
		}
	}
	return name, level
}

func mentions(c framework.Competency, kind string) bool {
	var in func(x framework.Expr) bool
	in = func(x framework.Expr) bool {
		return slices.Contains(x.Kinds, kind) || slices.ContainsFunc(x.AllOf, in) || slices.ContainsFunc(x.AnyOf, in)
	}
	return slices.ContainsFunc(c.Application, func(l framework.Level) bool { return in(l.Rule) })
}

// managing holds what a role says of having managed a project to its rules.
func (t *trial) managing() {
	const kind = "project.managed"
	if !slices.ContainsFunc(t.f.ExperienceKinds, func(k framework.Kind) bool { return k.ID == kind }) {
		return
	}
	for _, r := range t.f.Roles {
		at := "roles/" + r.ID + "/project_management/need"
		switch need := r.ProjectManagement.Need; need {
		case "required":
			if t.best(r, effort{best: true, without: kind}) != nil {
				t.Say(at, "says that having managed a project is required, and the requirements can be met without")
			}
		case "one_way": // deputising for a project manager is another way
			if t.best(r, effort{best: true, unled: kind}) == nil {
				t.Say(at, "says that having managed a project is one way of several, and every way asks for it")
			}
		default:
			if t.best(r, effort{best: true, without: kind}) == nil {
				t.Say(at, "says that having managed a project is irrelevant, and the requirements ask for it")
			}
		}
		if t.left <= 0 {
			return
		}
	}
}
