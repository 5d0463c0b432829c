package main

import "strings"

// cause returns what a DoFn has said, of the text of a job's error. The rest is about the plan of the runner, and the stack of a panic.
func cause(text string) string {
	for _, before := range []string{"caused by:\n", "] failed:\n"} {
		if at := strings.LastIndex(text, before); at >= 0 {
			text = text[at+len(before):]
		}
	}
	text, _, _ = strings.Cut(text, " goroutine ")
	return strings.TrimSpace(text)
}
