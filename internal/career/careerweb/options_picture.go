package careerweb

import (
	"strconv"
	"strings"

	"cairn/internal/career"
)

// The picture's sizes; the plot lies between left and right, top and ground.
const (
	picWidth, picHeight = 680, 330
	picLeft, picRight   = 34, 660
	picTop, picGround   = 35, 290
)

// picture places mixes by hours and roles opened.
type picture struct {
	Mixes       []career.Mix
	hours, most int
}

func pictureOf(list []career.Mix) picture {
	p := picture{Mixes: list, most: 1, hours: 10}
	for _, m := range list {
		p.most = max(p.most, len(m.Opens))
		if m.Best || m.Ticked || len(m.Opens) > 0 {
			p.hours = max(p.hours, m.Hours)
		}
	}
	return p
}

func (p picture) x(hours int) int { return picLeft + min(hours, p.hours)*(picRight-picLeft)/p.hours }
func (p picture) y(roles int) int { return picGround - roles*(picGround-picTop)/p.most }

// shown are the mixes that fit: what opens nothing lies on the ground, and is in the
// table.
func (p picture) shown() (out []career.Mix) {
	for _, m := range p.Mixes {
		if m.Hours <= p.hours {
			out = append(out, m)
		}
	}
	return out
}

// line is the stairs along what nothing beats.
func (p picture) line() string {
	var b strings.Builder
	b.WriteString("M" + strconv.Itoa(picLeft) + " " + strconv.Itoa(picGround))
	for _, m := range p.Mixes {
		if m.Best {
			b.WriteString("H" + strconv.Itoa(p.x(m.Hours)) + "V" + strconv.Itoa(p.y(len(m.Opens))))
		}
	}
	b.WriteString("H" + strconv.Itoa(picRight))
	return b.String()
}

// hourMarks are round numbers of hours, five at most.
func (p picture) hourMarks() (out []int) {
	step := 10
	for _, s := range []int{10, 20, 50, 100, 200, 500, 1000, 5000} {
		if step = s; p.hours/s <= 6 {
			break
		}
	}
	for h := 0; h <= p.hours; h += step {
		out = append(out, h)
	}
	return out
}

func (p picture) roleMarks() (out []int) {
	for r := 0; r <= p.most; r += max(1, (p.most+5)/6) {
		out = append(out, r)
	}
	return out
}

// best are the mixes that nothing beats, in the order of their numbers in the picture.
func (p picture) best() (out []career.Mix) {
	for _, m := range p.Mixes {
		if m.Best {
			out = append(out, m)
		}
	}
	return out
}

func place(n int) string { return strconv.Itoa(n) }
