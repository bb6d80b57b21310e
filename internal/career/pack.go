package career

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
)

// laid is an item as an entry of the record left it. One without a kind takes back
// what earlier entries left under its key. Most items of a career share what they are
// and where: that is held once, because somebody has thousands.
type laid struct {
	of                                  *deed // shared, never changed
	from, to                            clock.Day
	key, subjectKind, subjectID, detail string
	seq                                 int64 // of the entry
}

// deed is what an item is, and where.
type deed struct {
	kind                string
	role                activity.RoleInWork
	origin              Origin
	project, body, tier string
	group               string // found when it is read
}

// lay gives an item the form in which it is laid.
func lay(it Item, seq int64) laid {
	of := &deed{it.Kind, it.Role, it.Origin, it.Project, it.Body, it.Tier, it.group}
	return laid{of, it.From, it.To, it.Key, it.SubjectKind, it.SubjectID, it.Detail, seq}
}

// item is it as the career reads it.
func (l *laid) item() Item {
	return Item{
		Kind: l.of.kind, Role: l.of.role, Origin: l.of.origin, Project: l.of.project, Body: l.of.body, Tier: l.of.tier, group: l.of.group,
		From: l.from, To: l.to, Key: l.key, SubjectKind: l.subjectKind, SubjectID: l.subjectID, Detail: l.detail,
	}
}

// takeBack leaves its key with nothing under it.
func (l *laid) takeBack() {
	none := *l.of
	none.kind = ""
	l.of = &none
}

// A pack is what some entries left for one person: a line for each item, its fields
// with a tab between them. What most lines of a career share stands first, so that
// it is read once: kind, role in the work, origin, project, body, tier; then the
// days, the number of the entry, the key, kind and id of the subject, and a detail.
const packFields, sharedFields = 13, 6

// plain keeps a value to its own field and line.
var plain = strings.NewReplacer("\t", " ", "\n", " ")

func (l *laid) pack(b *strings.Builder) {
	for i, value := range [packFields]string{
		l.of.kind, string(l.of.role), string(l.of.origin), l.of.project, l.of.body, l.of.tier,
		l.from, l.to, strconv.FormatInt(l.seq, 10), l.key, l.subjectKind, l.subjectID, l.detail,
	} {
		if i > 0 {
			b.WriteByte('\t')
		}
		if strings.ContainsAny(value, "\t\n") {
			value = plain.Replace(value)
		}
		b.WriteString(value)
	}
	b.WriteByte('\n')
}

// unpacking gathers the items of packs: of each key what the latest entry said.
type unpacking struct {
	items []laid
	place map[string]int   // of a key
	known map[string]*deed // what a beginning that lines share says
}

func newUnpacking(lines int) *unpacking {
	return &unpacking{items: make([]laid, 0, lines), place: make(map[string]int, lines), known: map[string]*deed{}}
}

// add reads a pack.
func (u *unpacking) add(pack string) {
	for line := range strings.Lines(pack) {
		if l, ok := u.line(strings.TrimSuffix(line, "\n")); ok {
			u.lay(l)
		}
	}
}

// lay takes an item unless a later entry has spoken already. What was taken back
// stays so, however often its entry is read again.
func (u *unpacking) lay(l laid) {
	at, there := u.place[l.key]
	switch {
	case !there:
		u.place[l.key] = len(u.items)
		u.items = append(u.items, l)
	case u.items[at].seq < l.seq, u.items[at].seq == l.seq && l.of.kind == "":
		u.items[at] = l
	}
}

func (u *unpacking) line(line string) (l laid, ok bool) {
	end := 0
	for range sharedFields {
		n := strings.IndexByte(line[end:], '\t')
		if n < 0 {
			return l, false
		}
		end += n + 1
	}
	shared, known := u.known[line[:end]]
	if !known {
		f := strings.Split(line[:end], "\t")
		shared = &deed{kind: f[0], role: activity.RoleInWork(f[1]), origin: Origin(f[2]), project: f[3], body: f[4], tier: f[5]}
		shared.group = groupOf(&Item{Kind: f[0], Role: shared.role, Origin: shared.origin, Project: f[3], Body: f[4]})
		u.known[line[:end]] = shared
	}
	l.of = shared
	var seq string
	rest := line[end:]
	for _, to := range [...]*string{&l.from, &l.to, &seq, &l.key, &l.subjectKind, &l.subjectID} {
		if *to, rest, ok = strings.Cut(rest, "\t"); !ok {
			return l, false
		}
	}
	l.detail = rest
	l.seq, _ = strconv.ParseInt(seq, 10, 64)
	return l, true
}

// room is for what a person adds in their own words.
const room = 64

// standing gives the items that were not taken back, in the order of their beginning.
func (u *unpacking) standing() []Item {
	places := make([]int, 0, len(u.items))
	for i := range u.items {
		if u.items[i].of.kind != "" {
			places = append(places, i)
		}
	}
	slices.SortFunc(places, func(i, j int) int {
		a, b := &u.items[i], &u.items[j]
		return cmp.Or(strings.Compare(a.from, b.from), strings.Compare(a.key, b.key))
	})
	out := make([]Item, len(places), len(places)+room)
	for to, from := range places {
		out[to] = u.items[from].item()
	}
	return out
}
