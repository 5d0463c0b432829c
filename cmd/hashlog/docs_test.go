package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// projectRoot is the root of the project, seen from here.
const projectRoot = "../.."

// docsTrace is a published trace of which the documents show figures. It is not part of the project: transcripts that name it
// run where it is.
const docsTrace = "conversation_trace.jsonl"

// docs are the project's documents by their paths from its root, and whether they have transcripts.
var docs = map[string]bool{
	"README.md":                true,
	"docs/caches-and-tiers.md": true,
	"docs/compare.md":          true,
	"docs/contributing.md":     false,
	"docs/export.md":           true,
	"docs/fidelity.md":         false,
	"docs/fleet.md":            true,
	"docs/format.md":           true,
	"docs/granularity.md":      true,
	"docs/guide.md":            true,
	"docs/library.md":          false,
	"docs/metrics.md":          false,
	"docs/reconcile.md":        true,
	"docs/performance.md":      false,
	"docs/segments.md":         true,
	"docs/traces.md":           true,
	"docs/writer.md":           true,
}

// fence matches a fenced block: its language and its lines.
var fence = regexp.MustCompile("(?ms)^```(\\S*)\n(.*?)^```$")

func readDoc(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(projectRoot, page))
	require.NoError(t, err)
	return string(text)
}

// TestDocs runs the transcripts of every page, which are its blocks of language console, in a folder that the page's blocks
// share, and compares what each command prints on stdout and stderr with the lines below it. A command must succeed unless
// the next one shows its exit status: "$ echo $?".
//
// With -update (make docs) it writes what the commands print into the pages.
func TestDocs(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell")
	}
	for page, hasTranscripts := range docs {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			text := readDoc(t, page)
			console := newConsole(t)
			got := fence.ReplaceAllStringFunc(text, func(block string) string {
				m := fence.FindStringSubmatch(block)
				require.Equal(t, m[1] == "console", strings.HasPrefix(m[2], "$ "), "a transcript is a console block that begins with a prompt:\n%s", block)
				if m[1] != "console" {
					return block
				}
				return "```console\n" + console.replay(m[2]) + "```"
			})
			require.NotRegexp(t, "(?m)^[ \t]+```", text, "an indented block is not run")
			require.Equal(t, hasTranscripts, console.blocks > 0, "whether %s has transcripts", page)
			if !*update {
				require.Equal(t, text, got, "%s shows what is no longer printed; make docs brings it up to date", page)
			} else if got != text {
				require.NoError(t, os.WriteFile(filepath.Join(projectRoot, page), []byte(got), 0o644))
			}
		})
	}
}

// console runs transcripts.
type console struct {
	t       *testing.T
	dir     string // with testdata, and docsTrace where it is
	noTrace bool
	blocks  int // met
}

func newConsole(t *testing.T) *console {
	c := &console{t: t, dir: t.TempDir()}
	for name, target := range map[string]string{"testdata": testdata, docsTrace: referenceTrace} {
		path, err := filepath.Abs(target)
		require.NoError(t, errors.Join(err, os.Symlink(path, filepath.Join(c.dir, name))))
	}
	_, err := os.Stat(referenceTrace)
	c.noTrace = err != nil
	return c
}

// replay runs the commands of a block and returns the block with what they print.
func (c *console) replay(block string) string {
	c.blocks++
	if c.noTrace && strings.Contains(block, docsTrace) {
		return block
	}
	var out strings.Builder
	status := 0
	steps := strings.Split("\n"+block, "\n$ ")[1:]
	for i, step := range steps {
		lines := strings.SplitAfter(step, "\n")
		n := 1
		for n < len(lines) && strings.HasSuffix(lines[n-1], "\\\n") {
			n++
		}
		command := strings.TrimSuffix(strings.Join(lines[:n], ""), "\n")
		var printed string
		printed, status = c.run(command, status)
		statusShown := i+1 < len(steps) && strings.HasPrefix(steps[i+1], "echo $?")
		require.True(c.t, status == 0 || statusShown, "%s: exit status %d\n%s", command, status, printed)
		if printed != "" && !strings.HasSuffix(printed, "\n") {
			printed += "\n"
		}
		out.WriteString("$ " + command + "\n" + printed)
	}
	return out.String()
}

// run runs a command after one that ended with the status before, and returns all that it prints and its own status.
func (c *console) run(command string, before int) (printed string, status int) {
	cmd := exec.Command("sh", "-c", fmt.Sprintf("(exit %d)\n%s", before, command))
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "TZ=America/New_York") // nothing may depend on it
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(c.t, err, command)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// TestDocsStoreDelay compares the table of store delays.
func TestDocsStoreDelay(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	if _, err := os.Stat(referenceTrace); err != nil {
		t.Skip("the reference trace is not here")
	}
	rows := regexp.MustCompile(`(?m)^\| (\d+ (?:s|min)) \| (.*) \|$`).FindAllStringSubmatch(readDoc(t, "docs/caches-and-tiers.md"), -1)
	require.Len(t, rows, 6)
	for _, row := range rows {
		delay := strings.NewReplacer(" ", "", "min", "m").Replace(row[1])
		var out strings.Builder
		require.Zero(t, run([]string{"simulate", referenceTrace, "--model-config", testdata + "/model-config/llama-70b.json",
			"--capacity", "1.25TiB,5TiB,inf", "--store-delay", delay, "--json"}, nil, &out, io.Discard))
		var report analyze.Report
		require.NoError(t, json.Unmarshal([]byte(out.String()), &report))
		var rates []string
		for _, r := range report.Results {
			rates = append(rates, units.FormatPercent(r.TokenHitRate))
		}
		require.Equal(t, row[2], strings.Join(rates, " | "), row[1])
	}
}

// TestDocsAdmission compares the table of admissions.
func TestDocsAdmission(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	if _, err := os.Stat(referenceTrace); err != nil {
		t.Skip("the reference trace is not here")
	}
	rows := regexp.MustCompile(`(?m)^\| (\d) \| (.*) \|$`).FindAllStringSubmatch(readDoc(t, "docs/caches-and-tiers.md"), -1)
	require.Len(t, rows, 3)
	for _, row := range rows {
		var out strings.Builder
		require.Zero(t, run([]string{"simulate", referenceTrace, "--model-config", testdata + "/model-config/llama-70b.json",
			"--capacity", "512GiB,4TiB,inf", "--tiers", "ssd=4TiB", "--tier-endurance", "ssd=7PB", "--admit", row[1], "--json"}, nil, &out, io.Discard))
		var report analyze.Report
		require.NoError(t, json.Unmarshal([]byte(out.String()), &report))
		var cells []string
		for _, r := range report.Results {
			cells = append(cells, units.FormatPercent(r.TokenHitRate))
		}
		ssd := report.Tiers[0]
		cells = append(cells, units.FormatBytes(*ssd.BytesWritten), units.FormatDays(*ssd.EnduranceDays))
		require.Equal(t, row[2], strings.Join(cells, " | "), row[1])
	}
}
