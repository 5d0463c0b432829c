package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/reconcile/measured"
)

// TestDocsMetrics compares the table of metrics and what is said about each with those of package measured. With -update (make docs) it
// writes them into the page.
func TestDocsMetrics(t *testing.T) {
	const page = "docs/metrics.md"
	table, about := metricsInMarkdown()
	text := readDoc(t, page)
	got := text
	for comment, want := range map[string]string{"metrics: table": table, "metrics: about": about} {
		block := regexp.MustCompile("(?s)(<!-- " + comment + " -->\n).*?(<!-- end -->)")
		require.Len(t, block.FindAllString(text, -1), 1)
		got = block.ReplaceAllStringFunc(got, func(s string) string {
			m := block.FindStringSubmatch(s)
			return m[1] + "\n" + want + "\n" + m[2]
		})
	}
	if *update && got != text {
		require.NoError(t, os.WriteFile(filepath.Join(projectRoot, page), []byte(got), 0o644))
		return
	}
	require.Equal(t, text, got, "%s is out of date; make docs brings it up to date", page)
}

func metricsInMarkdown() (table, about string) {
	var rows, notes strings.Builder
	rows.WriteString("| server | hit tokens | requested tokens | of which cache | requested are | rate of hashlog |\n|---|---|---|---|---|---|\n")
	for _, m := range measured.Metrics() {
		rate := "none"
		if r := m.Denominator.Rate(); r != "" {
			rate = "`" + r + "`"
		}
		fmt.Fprintf(&rows, "| %s | `%s` | `%s` | %s | %s | %s |\n", m.Server, m.Hit, m.Requested, m.Cache, m.Denominator, rate)
		notes.WriteString(item(fmt.Sprintf("`%s`: %s Source: %s.", m.Hit.Name, m.About, m.Source)))
	}
	return rows.String(), notes.String()
}

// item returns a text as an item of a list, in lines of some length.
func item(text string) string {
	const width = 138
	var out strings.Builder
	line := "-"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > width {
			out.WriteString(line + "\n")
			line = " "
		}
		line += " " + word
	}
	return out.String() + line + "\n"
}
