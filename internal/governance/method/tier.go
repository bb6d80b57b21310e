package method

import "fmt"

// Tier is how much governance a project gets. Tiers are ordered.
type Tier int

// The tiers. NoTier is what a project has before the dial was answered.
const (
	NoTier Tier = iota
	S
	M
	L
	XL
)

// Tiers lists the four tiers, the least first.
func Tiers() []Tier { return []Tier{S, M, L, XL} }

// String gives S, M, L or XL, and nothing for NoTier.
func (t Tier) String() string {
	if t < S || t > XL {
		return ""
	}
	return [...]string{"S", "M", "L", "XL"}[t-1]
}

// ParseTier reads S, M, L or XL; nothing is NoTier.
func ParseTier(s string) (Tier, error) {
	if s == "" {
		return NoTier, nil
	}
	for _, t := range Tiers() {
		if t.String() == s {
			return t, nil
		}
	}
	return NoTier, fmt.Errorf("%q is not a tier; use S, M, L or XL", s)
}

// MarshalText gives the tier's letters, also in JSON.
func (t Tier) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the tier's letters, also in JSON.
func (t *Tier) UnmarshalText(text []byte) error {
	read, err := ParseTier(string(text))
	*t = read
	return err
}

// PerTier holds a value for each tier; the zero value means that none is given. In
// a file it is {S: .., M: ..} or one value that all tiers share.
type PerTier[T any] struct{ S, M, L, XL T }

// At gives the value of a tier, the zero value for NoTier.
func (p PerTier[T]) At(t Tier) T {
	switch t {
	case S:
		return p.S
	case M:
		return p.M
	case L:
		return p.L
	case XL:
		return p.XL
	default:
		var none T
		return none
	}
}

func (p *PerTier[T]) set(t Tier, v T) {
	switch t {
	case S:
		p.S = v
	case M:
		p.M = v
	case L:
		p.L = v
	case XL:
		p.XL = v
	default:
	}
}
