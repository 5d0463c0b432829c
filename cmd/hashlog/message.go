package main

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"unicode"

	"hashlog/log"
)

// message returns the text of an error, made safe for a terminal: system errors repeat file names verbatim.
func message(err error) string {
	text := err.Error()
	quote := func(name string) {
		if quoted := log.Quoted(name); quoted != name && name != "" {
			text = strings.ReplaceAll(text, name, quoted)
		}
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		quote(path.Path)
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		quote(link.Old)
		quote(link.New)
	}
	return printable(text)
}

// oneLine is printable, with line ends escaped too.
func oneLine(text string) string { return strings.ReplaceAll(printable(text), "\n", `\n`) }

// printable escapes unprintable characters, except for line ends.
func printable(text string) string {
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		if r == '\n' || unicode.IsPrint(r) {
			out.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		out.WriteString(quoted[1 : len(quoted)-1])
	}
	return out.String()
}
