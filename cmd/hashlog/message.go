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

// message returns what an error says, fit for a terminal: errors of the system repeat the names of files as they are.
func message(err error) string {
	text := replayText(err, err.Error())
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

// oneLine is printable for text that is one line, whatever it repeats.
func oneLine(text string) string { return strings.ReplaceAll(printable(text), "\n", `\n`) }

// printable escapes what is no text, but for the ends of lines.
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
