// Package units reads and writes sizes, bandwidths, durations, times and counts as people do.
//
// What a user types is read by Parse functions. Their errors repeat the string and list the forms that are accepted, except
// that those of ParseBandwidth and ParseDeviceBytes leave this to the caller, who may read them as part of something longer:
//
//	c, err := units.ParseCapacity("64GiB")             // or 500GB, 4096, 5000chunks, inf
//	n, err := units.ParseBytes("100MiB")               // a size that must be in bytes
//	r, err := units.ParseBandwidth("20GiB/s")          // bytes a second
//	d, err := units.ParseDuration("1d12h")             // Go's durations, and days
//	t, err := units.ParseTime("2024-03-31T20:00")      // seconds since the Unix epoch
//
// What a user reads is written by Format functions, by Count and Comma, and by Capacity.String:
//
//	units.FormatBytes(68719476736)                     // "64 GiB"
//	units.FormatBandwidth(6e9)                         // "5.59 GiB/s"
//	units.FormatDuration(15 * time.Minute)             // "15 min"
//	units.FormatSpan(86265)                            // "23 h 57 min 45 s"
//	units.FormatTime(1711915200)                       // "2024-03-31T20:00:00Z"
//	units.FormatPercent(0.8542)                        // "85.42 %"
//	units.FormatPercentBriefly(0.8542)                 // "85.4 %"
//	units.Count(12031, "request")                      // "12,031 requests"
//
// KiB, MiB and so on are powers of 1024, kB and MB powers of 1000. Timestamps are float64 seconds since the Unix epoch, in
// UTC when written.
package units
