// Package suggest finds what a mistyped name was meant to be.
package suggest

import (
	"slices"
	"strings"
)

// Closest returns the names that may have been meant: those with the fewest typing errors, or, where all have too many,
// those that contain what was typed.
func Closest(typed string, names []string) (alike []string) {
	fewest := min(2, (len(typed)-1)/2)
	for _, name := range names {
		if max(len(typed), len(name))-min(len(typed), len(name)) > fewest {
			continue // that many errors at least
		}
		d := typingErrors(typed, name)
		if d < fewest {
			fewest, alike = d, nil
		}
		if d == fewest {
			alike = append(alike, name)
		}
	}
	if len(alike) == 0 && len(typed) >= 3 {
		alike = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.Contains(name, typed) })
	}
	return alike
}

// typingErrors returns how many letters have to be inserted, deleted, replaced or swapped with the next one to turn b into a.
func typingErrors(a, b string) int {
	var before []int // the row before the last
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
