package analyze

import (
	"math"
	"strconv"
	"time"
)

// FormatTime returns a timestamp as RFC 3339 in UTC, to the millisecond where it has one, or as plain seconds where it
// lies outside the years 1 to 9999.
func FormatTime(timestamp float64) string {
	const yearOne, yearTenThousand = -62135596800, 253402300800
	if !(timestamp >= yearOne && timestamp < yearTenThousand) {
		return strconv.FormatFloat(timestamp, 'g', -1, 64) + " s"
	}
	t := time.UnixMilli(int64(math.Round(timestamp * 1000))).UTC()
	if t.Nanosecond() == 0 {
		return t.Format(time.RFC3339)
	}
	return t.Format("2006-01-02T15:04:05.000Z07:00")
}
