package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// TestDocsAreListed finds a page that the other tests don't know, or that no other page links to.
func TestDocsAreListed(t *testing.T) {
	linked := map[string]bool{"README.md": true}
	for page := range docs {
		for _, target := range linksOf(t, page) {
			if file, _, _ := strings.Cut(target, "#"); file != page {
				linked[file] = true
			}
		}
	}
	found, err := filepath.Glob(filepath.Join(projectRoot, "docs", "*"))
	require.NoError(t, err)
	for _, name := range append(found, filepath.Join(projectRoot, "README.md")) {
		rel, err := filepath.Rel(projectRoot, name)
		require.NoError(t, err)
		rel = filepath.ToSlash(rel)
		require.True(t, linked[rel], "no page links to %s", rel)
		if path.Ext(rel) == ".md" {
			require.Contains(t, docs, rel)
		}
	}
}

// TestDocsLinks follows the links from page to page, to headings, packages and pictures.
func TestDocsLinks(t *testing.T) {
	for page := range docs {
		for _, target := range linksOf(t, page) {
			file, heading, _ := strings.Cut(target, "#")
			_, err := os.Stat(filepath.Join(projectRoot, file))
			require.NoError(t, err, "%s links to %s", page, target)
			if heading != "" {
				require.Contains(t, anchors(readDoc(t, file)), heading, "%s links to %s", page, target)
			}
		}
	}
}

// linksOf returns where a page's links within the project lead, as paths from its root, with the heading behind #.
func linksOf(t *testing.T, page string) []string {
	var targets []string
	prose := fence.ReplaceAllString(readDoc(t, page), "")
	for _, m := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(prose, -1) {
		target := m[1]
		switch {
		case strings.Contains(target, "://"):
		case strings.HasPrefix(target, "#"):
			targets = append(targets, page+target)
		default:
			targets = append(targets, path.Join(path.Dir(page), target))
		}
	}
	return targets
}

// anchors are the names by which a page's headings can be linked to, as GitHub makes them.
func anchors(text string) []string {
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		names = append(names, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	return names
}

// foreignFlags are those of other programs that the documents name.
var foreignFlags = map[string]bool{
	"--kv-bytes-per-chunk": true, "--log-lookups": true, "--long": true,
	"--no-install-recommends": true,                                    // apt-get
	"--for":                   true, "--tail": true, "--timeout": true, // kubectl
	"--array": true, "--cpus-per-task": true, "--dependency": true, "--job-name": true, "--mem": true, "--parsable": true, "--wrap": true, // sbatch
	"--from-file": true, "--slurp": true, // jq
	"--data-urlencode": true, // curl
}

// TestDocsNames looks for what the documents name: flags, targets of make, tests.
func TestDocsNames(t *testing.T) {
	flags := map[string]bool{"--help": true, "--version": true}
	for _, cmd := range everyCommand(newRootCommand(&env{})) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) { flags["--"+f.Name] = true })
	}
	makefile := readDoc(t, "Makefile")
	tests := testFuncs(t)
	for page := range docs {
		text := withoutOutput(readDoc(t, page))
		for _, m := range regexp.MustCompile("(?:^|[\\s`(|])(--[a-z][a-z-]*)").FindAllStringSubmatch(text, -1) {
			known := flags[m[1]] || foreignFlags[m[1]] || strings.HasPrefix(m[1], "--lookup-hash-log-")
			require.True(t, known, "%s: there is no flag %s", page, m[1])
		}
		for _, m := range regexp.MustCompile("(?m)(?:`|^ *\\$? ?)make ([a-z][a-z-]*)").FindAllStringSubmatch(text, -1) {
			require.Contains(t, makefile, "\n"+m[1]+":", "%s: make %s", page, m[1])
		}
		for _, name := range regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w*`).FindAllString(text, -1) {
			require.Contains(t, tests, "func "+name+"(", "%s: there is no %s", page, name)
		}
	}
}

// withoutOutput leaves out what commands print: of transcripts there remain the commands.
func withoutOutput(text string) string {
	commands := regexp.MustCompile(`(?m)^\$ (.*\\\n)*.*\n`)
	return fence.ReplaceAllStringFunc(text, func(block string) string {
		if !strings.HasPrefix(block, "```console") {
			return block
		}
		return strings.Join(commands.FindAllString(block, -1), "")
	})
}

// testFuncs returns the text of all tests of the project.
func testFuncs(t *testing.T) string {
	var all strings.Builder
	require.NoError(t, filepath.WalkDir(projectRoot, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		all.Write(text)
		return err
	}))
	return all.String()
}
