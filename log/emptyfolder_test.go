package log

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The error of a folder of folders of logs says how to name these, in words that work in a shell.
func TestFoldersOfLogs(t *testing.T) {
	const none = ": no lookup_hashes_*.jsonl (.gz, .zst) in this folder"
	for _, c := range []struct {
		in    string
		files string
		want  string // the end of the error; DIR is the folder
		names string // what a shell expands the last words to
	}{
		{"fleet", "a/+ b/+ c/+", ", but its 3 folders a, b, c hold logs: name them, DIR/*", "a b c"},
		{"fleet", "a/+", ", but its folder a holds logs: name it, DIR/a", "a"},
		{"fleet", "a/+ b/+ README .git/x", ", but its 2 folders a, b hold logs: name them, DIR/*/", "a/ b/"},
		{"fleet", "a/+ b/+ empty/x", ", but its 2 folders a, b hold logs: name them, DIR/a DIR/b", "a b"},
		{"fleet", "a/+ .b/+", ", but its 2 folders .b, a hold logs: name them, DIR/.b DIR/a", ".b a"},
		{"fleet", "a/+ b/+ c/+ d/+ e/+ f/+", ", but its 6 folders a, b, c, d, e, … hold logs: name them, DIR/*", "a b c d e f"},
		{"my fleet's", "a/+ b/+", ", but its 2 folders a, b hold logs: name them, 'DIR'/*", "a b"},
		{"fleet", "a/x b/c/+", "", ""},
		{"fleet", "a/+ x.jsonl", ", but its folder a holds logs: name it, DIR/a; to read its other logs (x.jsonl), name them as arguments", ""},
	} {
		dir := filepath.Join(t.TempDir(), c.in)
		for _, file := range strings.Fields(c.files) {
			file = filepath.Join(dir, strings.ReplaceAll(file, "+", "lookup_hashes_1.jsonl"))
			require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
			require.NoError(t, os.WriteFile(file, nil, 0o666))
		}
		shown := strings.ReplaceAll(dir, "'", `'\''`)
		err := findError(dir)
		require.EqualError(t, err, dir+none+strings.ReplaceAll(c.want, "DIR", shown))
		if sh, missing := exec.LookPath("sh"); missing == nil && c.names != "" {
			_, words, _ := strings.Cut(strings.TrimPrefix(err.Error(), dir+none), ": name ")
			_, words, _ = strings.Cut(words, ", ")
			out, err := exec.Command(sh, "-c", `printf '%s\n' `+words).Output()
			require.NoError(t, err)
			var want []string
			for _, name := range strings.Fields(c.names) {
				want = append(want, dir+"/"+name)
			}
			require.Equal(t, want, strings.Split(strings.TrimSpace(string(out)), "\n"))
			find(t, want...)
		}
	}
}

func TestShellWord(t *testing.T) {
	for path, want := range map[string]string{
		"a/b-c_1.d":  "a/b-c_1.d",
		"-rf":        "./-rf",
		"a b":        "'a b'",
		"it's":       `'it'\''s'`,
		"$(x)":       "'$(x)'",
		"~":          "'~'",
		"é":          "'é'",
		"a\x1b[1m\n": `$'a\x1b[1m\x0a'`,
		"\u202e'\\":  `$'\xe2\x80\xae\x27\x5c'`,
	} {
		require.Equal(t, want, shellWord(path))
		if sh, err := exec.LookPath("bash"); err == nil {
			out, err := exec.Command(sh, "-c", "printf '%s.' "+want).Output()
			require.NoError(t, err)
			require.Equal(t, strings.TrimPrefix(want, "./") != want, string(out) != path+".")
		}
	}
}
