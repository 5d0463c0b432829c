package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// notebookPage is the notebook on capacity planning.
const notebookPage = "docs/capacity-planning.ipynb"

// notebook is the part of the format of Jupyter notebooks that matters here.
type notebook struct {
	Cells []notebookCell `json:"cells"`
}

type notebookCell struct {
	ID      string           `json:"id"`
	Type    string           `json:"cell_type"`
	Source  multiline        `json:"source"`
	Outputs []notebookOutput `json:"outputs"`
}

type notebookOutput struct {
	Type  string                     `json:"output_type"`
	Text  multiline                  `json:"text"` // of a stream
	Data  map[string]json.RawMessage `json:"data"` // by media type
	Error string                     `json:"ename"`
}

// multiline is a text that a notebook holds as a list of lines.
type multiline string

func (m *multiline) UnmarshalJSON(text []byte) error {
	var lines []string
	err := json.Unmarshal(text, &lines)
	*m = multiline(strings.Join(lines, ""))
	return err
}

func parseNotebook(t *testing.T, text string) (n notebook) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &n))
	require.NotEmpty(t, n.Cells)
	return n
}

// said is what a cell shows: texts and tables as they are, and of pictures only that there is one.
func (c *notebookCell) said(t *testing.T) []string {
	out := []string{}
	for _, o := range c.Outputs {
		require.NotEqual(t, "error", o.Type, o.Error)
		if _, picture := o.Data["image/png"]; picture {
			out = append(out, "a picture")
			continue
		}
		out = append(out, string(o.Text))
		for _, kind := range []string{"text/plain", "text/html"} {
			if data, ok := o.Data[kind]; ok {
				var text multiline
				require.NoError(t, json.Unmarshal(data, &text))
				out = append(out, string(text))
			}
		}
	}
	return out
}

// TestDocsNotebook runs the notebook and compares what its cells show with what is saved in it. With -update (make docs) it
// saves the outputs if any text has changed.
func TestDocsNotebook(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	python := pythonWith("nbclient, pandas, matplotlib, ipykernel")
	if python == "" {
		skipQueries(t, "there is no Python with nbclient, ipykernel, pandas and matplotlib")
	}
	runner, err := filepath.Abs(projectRoot + "/docs/queries/notebook.py")
	require.NoError(t, err)
	for _, name := range []string{"HOME", "IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR"} {
		t.Setenv(name, t.TempDir()) // leave nothing behind, and let no one's settings in
	}
	t.Setenv("MPLBACKEND", "") // pictures in the notebook, whatever is set here
	text := readDoc(t, notebookPage)
	got := string(runIn(t, filepath.Join(projectRoot, "docs"), text, python, runner))
	saved, ran := parseNotebook(t, text), parseNotebook(t, got)
	require.Len(t, ran.Cells, len(saved.Cells))
	same, pictures := true, 0
	for i := range saved.Cells {
		want, now := saved.Cells[i].said(t), ran.Cells[i].said(t)
		same = same && strings.Join(want, "\x00") == strings.Join(now, "\x00")
		if !*update {
			require.Equal(t, want, now, "cell %s shows what is no longer printed; make docs brings it up to date", saved.Cells[i].ID)
		}
		pictures += strings.Count(strings.Join(now, "\n"), "a picture")
	}
	require.Positive(t, pictures)
	if !same {
		require.NoError(t, os.WriteFile(filepath.Join(projectRoot, notebookPage), []byte(got), 0o644))
	}
}

// TestDocsNotebookLinks follows the links of the notebook, and looks for outputs in every cell of which one is expected: a cell that
// was never run has none.
func TestDocsNotebookLinks(t *testing.T) {
	outputs := 0
	for _, cell := range parseNotebook(t, readDoc(t, notebookPage)).Cells {
		outputs += len(cell.Outputs)
		if cell.Type != "markdown" {
			continue
		}
		for _, m := range regexp.MustCompile(`\]\(([^)\s#]+)#?([^)\s]*)\)`).FindAllStringSubmatch(string(cell.Source), -1) {
			page := "docs/" + m[1]
			require.Contains(t, docs, page)
			if m[2] != "" {
				require.Contains(t, anchors(readDoc(t, page)), m[2])
			}
		}
	}
	require.Greater(t, outputs, 10, "the outputs are saved")
}

// pythonWith returns a Python that has some modules, "" if there is none.
func pythonWith(modules string) string {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import "+modules).Run() == nil {
			return python
		}
	}
	return ""
}
