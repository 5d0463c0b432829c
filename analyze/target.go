package analyze

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Target is a token hit rate to reach: a percentage of all tokens, or of the ceiling's hit tokens.
type Target struct {
	text      string   // as given
	percent   *big.Rat // 0 < percent ≤ 100
	ofCeiling bool
}

// String returns the target as it was given.
func (t Target) String() string { return t.text }

// ParseTarget parses a percentage above 0 and up to 100, such as "80%", "99.5%" or "95%ofceiling".
func ParseTarget(s string) (Target, error) {
	text := strings.ToLower(strings.Join(strings.Fields(s), ""))
	number, ofCeiling := strings.CutSuffix(text, "%ofceiling")
	ok := ofCeiling
	if !ofCeiling {
		number, ok = strings.CutSuffix(text, "%")
	}
	percent, isNumber := new(big.Rat), false
	if ok && number != "" && strings.Trim(number, "0123456789.") == "" {
		_, isNumber = percent.SetString(number)
	}
	if !isNumber || percent.Sign() <= 0 || percent.Cmp(big.NewRat(100, 1)) > 0 {
		return Target{}, fmt.Errorf("target %q: must be a percentage above 0 and up to 100, such as 80%% or 95%%ofceiling%s", s, targetHint(text))
	}
	return Target{text: s, percent: percent, ofCeiling: ofCeiling}, nil
}

// targetHint says how to write a target that lacks its percent sign; "" if that is not the problem.
func targetHint(text string) string {
	number, ofCeiling := strings.CutSuffix(text, "ofceiling")
	sign := "%"
	if ofCeiling {
		sign += "ofceiling"
	}
	if number == "" || strings.Trim(number, "0123456789.") != "" {
		return ""
	}
	value, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil || !(value > 0 && value <= 100):
		return ""
	case value >= 1e-4 && value < 1:
		return fmt.Sprintf("; write %s%s, or %s%s if you mean that", strconv.FormatFloat(math.Round(1e8*value)/1e6, 'f', -1, 64), sign, number, sign)
	}
	return "; write " + number + sign
}

// hitTokens returns the fewest hit tokens that reach the target: the smallest h with h × 100 ≥ percent × whole.
func (t Target) hitTokens(totalTokens, ceilingTokens int64) int64 {
	whole := totalTokens
	if t.ofCeiling {
		whole = ceilingTokens
	}
	part := new(big.Rat).Mul(t.percent, big.NewRat(whole, 100))
	up := new(big.Int).Add(part.Num(), new(big.Int).Sub(part.Denom(), big.NewInt(1)))
	return up.Quo(up, part.Denom()).Int64()
}
