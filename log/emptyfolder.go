package log

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hashlog/log/internal/source"
)

// emptyFolder is the error of a folder without logs, as a new server has. If there are other
// logs it becomes a note.
type emptyFolder struct{ error }

// noLogs returns an error that says what a folder holds instead of logs, and how to name that.
func noLogs(dir string, entries []os.DirEntry) error {
	const most = 3
	text := fmt.Sprintf("%s: no %s (.gz, .zst) in this folder", Quoted(dir), SegmentPattern)
	if folders, others := foldersOfLogs(dir, entries); len(folders) > 0 {
		text += fmt.Sprintf(", but %s: name %s, %s", whatHold(folders), itOrThem(len(folders)), globOf(dir, folders, others))
	}
	var names []string
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(source.Stem(name), ".jsonl") && !isLogName(name) {
			names = append(names, Quoted(name))
		}
	}
	if len(names) > 0 {
		text += fmt.Sprintf("; to read its other logs (%s), name them as arguments", strings.Join(someNames(names, most), ", "))
	}
	return errors.New(text)
}

func someNames(names []string, most int) []string {
	if len(names) > most {
		return append(names[:most:most], "…")
	}
	return names
}

func whatHold(folders []string) string {
	const most = 5
	if len(folders) == 1 {
		return "its folder " + Quoted(folders[0]) + " holds logs"
	}
	quoted := make([]string, len(folders))
	for i, name := range folders {
		quoted[i] = Quoted(name)
	}
	return fmt.Sprintf("its %d folders %s hold logs", len(folders), strings.Join(someNames(quoted, most), ", "))
}

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// rest says which entries of a folder, other than folders of logs, the pattern * would match.
type rest struct{ files, folders bool }

// foldersOfLogs returns the names of the subfolders that hold logs.
func foldersOfLogs(dir string, entries []os.DirEntry) (folders []string, others rest) {
	const most = 1000 // subfolders to look into
	looked := 0
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		info, err := os.Stat(path)
		hidden := strings.HasPrefix(entry.Name(), ".")
		switch {
		case err != nil || !info.IsDir():
			others.files = others.files || !hidden
		case looked < most && holdsLogs(path):
			folders = append(folders, entry.Name())
			looked++
		default:
			others.folders = others.folders || !hidden
			looked++
		}
	}
	return folders, others
}

// holdsLogs reports whether a log is among the first files of a folder.
func holdsLogs(dir string) bool {
	const most, batch = 10_000, 500
	f, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	for range most / batch {
		names, err := f.Readdirnames(batch)
		for _, name := range names {
			if isLogName(name) {
				return true
			}
		}
		if err != nil {
			return false
		}
	}
	return false
}

// globOf returns shell words that name the subfolders: a pattern if that matches nothing else,
// otherwise each of them.
func globOf(dir string, folders []string, others rest) string {
	in := shellWord(filepath.Clean(dir))
	if !strings.HasSuffix(in, "/") {
		in += "/"
	}
	hidden := false
	for _, name := range folders {
		hidden = hidden || strings.HasPrefix(name, ".")
	}
	switch {
	case others.folders || hidden || len(folders) == 1:
		const most = 10
		var words []string
		for _, name := range folders {
			words = append(words, shellWord(filepath.Join(dir, name)))
		}
		return strings.Join(someNames(words, most), " ")
	case others.files:
		return in + "*/" // folders only
	}
	return in + "*"
}

// shellWord quotes a path for a shell if necessary.
func shellWord(path string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@%+=:,-"
	if strings.HasPrefix(path, "-") {
		path = "./" + path // or it would be a flag
	}
	switch {
	case strings.Trim(path, plain) == "":
		return path
	case Quoted(path) == path:
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	var word strings.Builder // $'…', which most shells know
	word.WriteString("$'")
	for _, b := range []byte(path) {
		if b < ' ' || b >= 0x7f || b == '\'' || b == '\\' {
			fmt.Fprintf(&word, `\x%02x`, b)
		} else {
			word.WriteByte(b)
		}
	}
	word.WriteByte('\'')
	return word.String()
}
