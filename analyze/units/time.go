package units

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// timeForms lists the forms that ParseTime accepts beside Unix seconds.
const timeForms = "2024-03-31 (midnight UTC), 2024-03-31T20:00 (UTC), 2024-03-31T20:00:00+02:00"

// timeLayouts are the layouts of timeForms. Without a zone they are in UTC.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

// ParseTime reads a time as seconds since the Unix epoch: "2024-03-31", "2024-03-31T20:00" (both UTC),
// "2024-03-31T20:00:00+02:00" or "1711929600.5".
func ParseTime(s string) (seconds float64, err error) {
	if seconds, ok := absoluteTime(s); ok {
		return seconds, nil
	}
	return 0, fmt.Errorf("time %q: must be of the form %s or 1711929600.5 (Unix seconds)", s, timeForms)
}

// ParseTimeOrAgo is ParseTime that also reads a duration before now: "24h".
func ParseTimeOrAgo(s string, now time.Time) (seconds float64, err error) {
	if seconds, ok := absoluteTime(s); ok {
		return seconds, nil
	}
	if ago, err := ParseDuration(s); err == nil {
		return unixSeconds(now.Add(-ago)), nil
	}
	return 0, fmt.Errorf("time %q: must be of the form %s, 1711929600.5 (Unix seconds) or 24h (before now)", s, timeForms)
}

func absoluteTime(s string) (seconds float64, ok bool) {
	if seconds, err := strconv.ParseFloat(s, 64); err == nil && seconds-seconds == 0 { // neither NaN nor infinite
		return seconds, true
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return unixSeconds(t), true
		}
	}
	return 0, false
}

func unixSeconds(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }

// UTC returns a timestamp, in seconds since the Unix epoch, as a time to the microsecond. ok is false outside the years 1
// to 9999, which a year of four digits can't express.
func UTC(timestamp float64) (t time.Time, ok bool) {
	const yearOne, yearTenThousand = -62135596800, 253402300800
	if !(timestamp >= yearOne && timestamp < yearTenThousand) {
		return time.Time{}, false
	}
	s := math.Floor(timestamp)
	return time.Unix(int64(s), int64(math.Round((timestamp-s)*1e6))*1e3).UTC(), true
}

// FormatTime returns a timestamp as RFC 3339 in UTC, with milliseconds unless they are zero, or as plain seconds outside the
// years that UTC covers.
func FormatTime(timestamp float64) string {
	t, ok := UTC(timestamp)
	if !ok {
		return strconv.FormatFloat(timestamp, 'g', -1, 64) + " s"
	}
	if t = t.Round(time.Millisecond); t.Nanosecond() == 0 {
		return t.Format(time.RFC3339)
	}
	return t.Format("2006-01-02T15:04:05.000Z07:00")
}

// TimeArgument returns a time in a form that ParseTime reads, exactly: as RFC 3339 if milliseconds are enough, else in seconds.
func TimeArgument(timestamp float64) string {
	text := FormatTime(timestamp)
	if back, err := ParseTime(text); err == nil && back == timestamp {
		return text
	}
	return strconv.FormatFloat(timestamp, 'f', -1, 64)
}
