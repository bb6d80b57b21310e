package career

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/kit/activity"
)

// laid is an item as an entry of the record left it. One without a kind takes back
// what earlier entries left under its key.
type laid struct {
	Item
	seq int64 // of the entry
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
		l.Kind, string(l.Role), string(l.Origin), l.Project, l.Body, l.Tier,
		l.From, l.To, strconv.FormatInt(l.seq, 10), l.Key, l.SubjectKind, l.SubjectID, l.Detail,
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
	place map[string]int  // of a key
	known map[string]Item // what a beginning that lines share says
}

func newUnpacking() *unpacking { return &unpacking{place: map[string]int{}, known: map[string]Item{}} }

// add reads a pack.
func (u *unpacking) add(pack string) {
	u.items = slices.Grow(u.items, strings.Count(pack, "\n"))
	for line := range strings.Lines(pack) {
		if l, ok := u.line(strings.TrimSuffix(line, "\n")); ok {
			u.lay(l)
		}
	}
}

// lay takes an item unless a later entry has spoken already. What was taken back
// stays so, however often its entry is read again.
func (u *unpacking) lay(l laid) {
	at, there := u.place[l.Key]
	switch {
	case !there:
		u.place[l.Key] = len(u.items)
		u.items = append(u.items, l)
	case u.items[at].seq < l.seq, u.items[at].seq == l.seq && l.Kind == "":
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
		shared = Item{Kind: f[0], Role: activity.RoleInWork(f[1]), Origin: Origin(f[2]), Project: f[3], Body: f[4], Tier: f[5]}
		shared.group = groupOf(&shared)
		u.known[line[:end]] = shared
	}
	l.Item = shared
	var seq string
	rest := line[end:]
	for _, to := range [...]*string{&l.From, &l.To, &seq, &l.Key, &l.SubjectKind, &l.SubjectID} {
		if *to, rest, ok = strings.Cut(rest, "\t"); !ok {
			return l, false
		}
	}
	l.Detail = rest
	l.seq, _ = strconv.ParseInt(seq, 10, 64)
	return l, true
}

// standing gives the items that were not taken back, in the order of their beginning.
// Their places are sorted and not they themselves, which are large.
func (u *unpacking) standing() []Item {
	places := make([]int, 0, len(u.items))
	for i := range u.items {
		if u.items[i].Kind != "" {
			places = append(places, i)
		}
	}
	slices.SortFunc(places, func(i, j int) int {
		a, b := &u.items[i], &u.items[j]
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.Key, b.Key))
	})
	out := make([]Item, len(places))
	for to, from := range places {
		out[to] = u.items[from].Item
	}
	return out
}
