package units

import (
	"math"
	"strconv"
	"time"

	"github.com/dustin/go-humanize"
)

// Count returns a number and what it counts: "1 request", "12,031 requests".
func Count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return humanize.Comma(n) + " " + what + "s"
}

// UTC returns a timestamp, in seconds since the Unix epoch, as a time to the microsecond; ok is false outside the years 1
// to 9999, which no calendar of four digits holds.
func UTC(timestamp float64) (t time.Time, ok bool) {
	const yearOne, yearTenThousand = -62135596800, 253402300800
	if !(timestamp >= yearOne && timestamp < yearTenThousand) {
		return time.Time{}, false
	}
	s := math.Floor(timestamp)
	return time.Unix(int64(s), int64(math.Round((timestamp-s)*1e6))*1e3).UTC(), true
}

// FormatTime returns a timestamp as RFC 3339 in UTC, to the millisecond where it has one, or as plain seconds where UTC
// has no time for it.
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
