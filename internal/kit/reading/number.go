package reading

import (
	"fmt"
	"math/big"
	"strings"
)

// maxDecimals is how many digits after the point a number may have.
const maxDecimals = 6

// Number reads a number and gives it as plain decimal text without what does
// not count: "1,250.50" is 1250.5. More than six decimals are refused, never
// rounded away.
func Number(s string, decimal Decimal) (string, error) {
	text, negative := cutMinus(strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " ")))
	value, ok := exact(strings.ToLower(text), decimal)
	if !ok {
		return "", fmt.Errorf("%q is not a number", clip(s))
	}
	out := value.FloatString(maxDecimals)
	if back, _ := new(big.Rat).SetString(out); back.Cmp(value) != 0 {
		return "", fmt.Errorf("%q has more than %d digits after the point", clip(s), maxDecimals)
	}
	out = strings.TrimSuffix(strings.TrimRight(out, "0"), ".")
	if negative && out != "0" {
		out = "-" + out
	}
	return out, nil
}
