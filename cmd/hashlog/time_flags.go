package main

import (
	"fmt"
	"hashlog/analyze/units"
	"strconv"
	"time"
)

// timeForms say what parseTime takes.
const timeForms = "2024-03-31 (midnight UTC), 2024-03-31T20:00 (UTC), 2024-03-31T20:00:00+02:00"

// timeLayouts are those of timeForms, UTC where they have no zone.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

// parseTime reads a time in one of timeForms, or Unix seconds.
func parseTime(s string) (float64, error) {
	if t, ok := absoluteTime(s); ok {
		return t, nil
	}
	return 0, fmt.Errorf("time %q: is none of %s or 1711929600.5 (Unix seconds)", s, timeForms)
}

// timeOrAgo also reads how long before now it is.
func timeOrAgo(now time.Time) func(string) (float64, error) {
	return func(s string) (float64, error) {
		if t, ok := absoluteTime(s); ok {
			return t, nil
		}
		if ago, err := units.ParseDuration(s); err == nil {
			return unixSeconds(now.Add(-ago)), nil
		}
		return 0, fmt.Errorf("time %q: is none of %s, 1711929600.5 (Unix seconds) or 24h (before now)", s, timeForms)
	}
}

func absoluteTime(s string) (seconds float64, ok bool) {
	if seconds, err := strconv.ParseFloat(s, 64); err == nil && seconds-seconds == 0 {
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
