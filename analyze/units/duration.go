package units

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// FormatDuration returns a duration in the form that ParseDuration reads, without trailing zeros: "1m30s", "10m".
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

// FormatSecondsOrDays is FormatSeconds that writes whole days as such: "7d".
func FormatSecondsOrDays(s float64) string {
	const day = 24 * 60 * 60
	if days := s / day; days >= 1 && days == math.Trunc(days) {
		return fmt.Sprintf("%gd", days)
	}
	return FormatSeconds(s)
}

// FormatSpan returns a stretch of seconds at a glance, to the second from a minute on, else to the millisecond: "58m57s",
// "3d4h12m".
func FormatSpan(seconds float64) string {
	if seconds > math.MaxInt64/1e9 {
		return fmt.Sprintf("%g s", seconds)
	}
	d := time.Duration(seconds * float64(time.Second))
	if d >= time.Minute {
		d = d.Round(time.Second)
	} else {
		d = d.Round(time.Millisecond)
	}
	if days := d / (24 * time.Hour); days > 0 {
		return fmt.Sprintf("%dd%s", days, FormatDuration(d%(24*time.Hour)))
	}
	return FormatDuration(d)
}

// FormatDays returns a number of days with at least two figures, whole from ten on: "9.6 days", "1,351 days".
func FormatDays(n float64) string {
	const most = 1_000_000
	switch {
	case n >= most:
		return "more than " + Count(most, "day")
	case n >= 9.95:
		return Count(int64(math.Round(n)), "day")
	}
	text := strconv.FormatFloat(n, 'g', 2, 64)
	if text == "1" {
		return "1 day"
	}
	return text + " days"
}

var dayPart = regexp.MustCompile(`^(\d+(?:\.\d*)?|\.\d+)d`)

// ParseDuration reads a duration above zero in Go's form, or with days in front: "90s", "1h30m", "7d", "1d12h".
func ParseDuration(s string) (time.Duration, error) {
	bad := fmt.Errorf("duration %q: must be above zero, with units, such as 90s, 30m, 1h30m or 7d", s)
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

// ParseDelay is ParseDuration that also reads zero: "0s", "0".
func ParseDelay(s string) (time.Duration, error) {
	if d, err := time.ParseDuration(s); err == nil && d == 0 {
		return 0, nil
	}
	return ParseDuration(s)
}
