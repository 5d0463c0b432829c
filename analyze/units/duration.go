package units

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// FormatDuration returns a duration as people read it, exactly: "15 min", "1 h 30 min", "7 d", "1.5 s", "250 ms".
func FormatDuration(d time.Duration) string {
	switch {
	case d == 0:
		return "0 s"
	case d == math.MinInt64:
		return "-" + FormatDuration(math.MaxInt64)
	case d < 0:
		return "-" + FormatDuration(-d)
	}
	var parts []string
	for _, u := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "min"}} {
		if n := d / u.length; n > 0 {
			parts = append(parts, Comma(int64(n))+" "+u.name)
			d %= u.length
		}
	}
	if d > 0 {
		parts = append(parts, formatPartOfMinute(d))
	}
	return strings.Join(parts, " ")
}

// formatPartOfMinute returns a duration below a minute in the largest unit of which there is at least one.
func formatPartOfMinute(d time.Duration) string {
	length, name := time.Nanosecond, "ns"
	switch {
	case d >= time.Second:
		length, name = time.Second, "s"
	case d >= time.Millisecond:
		length, name = time.Millisecond, "ms"
	case d >= time.Microsecond:
		length, name = time.Microsecond, "µs"
	}
	return strconv.FormatFloat(float64(d)/float64(length), 'f', -1, 64) + " " + name
}

// FormatSeconds is FormatDuration for seconds, to the nanosecond.
func FormatSeconds(s float64) string {
	if !(math.Abs(s) < math.MaxInt64/1e9) {
		return fmt.Sprintf("%g s", s)
	}
	return FormatDuration(time.Duration(math.Round(s * 1e9)))
}

// FormatSpan returns a stretch of seconds at a glance, to the minute from a day on, to the second from a minute on, else to
// the millisecond: "58 min 57 s", "3 d 4 h 12 min".
func FormatSpan(seconds float64) string {
	step := 1e-3
	switch {
	case seconds >= 24*60*60:
		step = 60
	case seconds >= 60:
		step = 1
	}
	if rounded := math.Round(seconds/step) * step; rounded-rounded == 0 { // neither NaN nor infinite
		seconds = rounded
	}
	return FormatSeconds(seconds)
}

// FormatSpanBriefly is FormatSpan in two units at most: to the hour from a day on, to the minute from an hour on: "3 d 4 h",
// "23 h 58 min", "58 min 57 s".
func FormatSpanBriefly(seconds float64) string {
	const minute, hour, day = 60, 60 * 60, 24 * 60 * 60
	if rounded := math.Round(seconds/minute) * minute; rounded >= day {
		seconds = math.Round(seconds/hour) * hour
	} else if rounded >= hour {
		seconds = rounded
	}
	return FormatSpan(seconds)
}

// FormatDays returns a number of days with at least two figures, whole from ten on: "9.6 d", "1,351 d".
func FormatDays(n float64) string {
	const most = 1_000_000
	switch {
	case n >= most:
		return "more than " + Comma(most) + " d"
	case n >= 9.95:
		return Comma(int64(math.Round(n))) + " d"
	}
	return strconv.FormatFloat(n, 'g', 2, 64) + " d"
}

// DurationArgument returns a duration in the form that ParseDuration reads, without trailing zeros: "1m30s", "10m".
func DurationArgument(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
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
