package log

import "fmt"

// someOf returns the first notes, and one that says how many more there are.
func someOf(notes []string, more string) []string {
	const most = 10
	if n := len(notes) - most; n > 0 {
		return append(notes[:most:most], fmt.Sprintf(more, n))
	}
	return notes
}
