package main

import (
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// snippet is a Go program in a document: the lines between ```go and ```.
type snippet struct {
	file string // name of the document
	line int    // of the first line of the program, counted from 1
	text string
}

// snippets returns the Go programs of a document.
func snippets(file, document string) (found []snippet) {
	inside := false
	document = strings.ReplaceAll(document, "\r\n", "\n") // as git may have it on Windows
	for i, line := range strings.SplitAfter(document, "\n") {
		switch fence := strings.TrimSpace(line); {
		case inside && fence == "```":
			inside = false
		case inside:
			found[len(found)-1].text += line
		case fence == "```go":
			inside = true
			found = append(found, snippet{file: file, line: i + 2})
		}
	}
	return found
}

// compile type-checks and vets a snippet against this module, as if it stood in a program
// that imports it. An error names the document and the line in it.
func (s snippet) compile(t *testing.T) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "snippet.go")
	text := fmt.Sprintf("//line %s:%d\n%s", s.file, s.line, s.text)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	if out, err := exec.Command("go", "vet", path).CombinedOutput(); err != nil {
		return fmt.Errorf("go vet: %w\n%s", err, out)
	}
	return nil
}

// TestDocsSnippets compiles each Go program of README.md and docs as it is shown.
func TestDocsSnippets(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	documents, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	var all []snippet
	for _, file := range append(documents, "../../README.md") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		all = append(all, snippets(filepath.ToSlash(file), string(text))...)
	}
	for _, s := range all {
		require.True(t, strings.HasPrefix(s.text, "package "), "%s:%d: a snippet is a whole file, to be pasted", s.file, s.line)
		require.NoError(t, s.compile(t))
		formatted, err := format.Source([]byte(s.text))
		require.NoError(t, err)
		require.Equal(t, string(formatted), s.text, "%s:%d: run gofmt", s.file, s.line)
	}
	for _, path := range []string{"hashlog/writer", "hashlog/log", "hashlog/analyze"} {
		shown := false
		for _, s := range all {
			shown = shown || strings.Contains(s.text, fmt.Sprintf("\t%q\n", path))
		}
		require.True(t, shown, "no snippet shows how %s is used", path)
	}
}

// What does not compile is found, and where.
func TestDocsSnippetsThatDoNotCompile(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	const document = "# Title\n\n```sh\ngo\n```\n\n```go\npackage main\n\nimport \"hashlog/writer\"\n\nfunc main() { %s }\n```\n\n```go\npackage other\n```\n"
	for body, message := range map[string]string{
		`writer.New(writer.Options{Dir: "x"})`:           "",
		`writer.New(writer.Options{Directory: "x"})`:     "guide.md:12:",
		`writer.New(writer.Options{Dir: "x"}`:            "guide.md:12:",
		`w, err := writer.New(writer.Options{Dir: "x"})`: "declared and not used",
		`var w *writer.Writer; w.Close()`:                "not enough arguments",
		`fmt.Println(writer.ErrDropped)`:                 "undefined: fmt",
	} {
		found := snippets("guide.md", fmt.Sprintf(document, body))
		require.Len(t, found, 2)
		require.Equal(t, []int{8, 16}, []int{found[0].line, found[1].line})
		require.Equal(t, "package other\n", found[1].text)
		err := found[0].compile(t)
		if message == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, message)
	}
}
