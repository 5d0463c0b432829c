package units

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// FormatDuration returns a duration as ParseDuration reads it, without idle zeros: "90s" is "1m30s", and "10m" stays that.
func FormatDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// FormatSeconds is FormatDuration for seconds, to the nanosecond.
func FormatSeconds(s float64) string { return FormatDuration(time.Duration(math.Round(s * 1e9))) }

var dayPart = regexp.MustCompile(`^(\d+(?:\.\d*)?|\.\d+)d`)

// ParseDuration reads a duration above zero in Go's form, or with days in front: "90s", "1h30m", "7d", "1d12h".
func ParseDuration(s string) (time.Duration, error) {
	bad := fmt.Errorf("duration %q: is not one above zero; a duration is 90s, 30m, 1h30m or 7d", s)
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		bad = fmt.Errorf("duration %q: has no unit, or is not above zero; a duration is 90s, 30m, 1h30m or 7d", s)
	}
	rest, days := s, 0.0
	if m := dayPart.FindStringSubmatch(s); m != nil {
		rest = s[len(m[0]):]
		days, _ = strconv.ParseFloat(m[1], 64)
	}
	var d time.Duration
	if rest != "" || s == "" {
		var err error
		if d, err = time.ParseDuration(rest); err != nil || d < 0 || rest == "0" {
			return 0, bad
		}
	}
	total := days*24*float64(time.Hour) + float64(d)
	if total <= 0 || total >= math.MaxInt64 {
		return 0, bad
	}
	return time.Duration(days*24*float64(time.Hour)) + d, nil
}
