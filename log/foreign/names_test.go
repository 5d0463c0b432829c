package foreign

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// TestNamesAreHeldOnce takes records of two traces at once, with more models than a row remembers: those of one model share
// the string of its name.
func TestNamesAreHeldOnce(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.jsonl", "b.jsonl"} {
		var text strings.Builder
		for i := range 500 {
			text.WriteString(mooncakeRow(fmt.Sprintf(`, "model": "model %d"`, i%(2*maxInterned))) + "\n")
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text.String()), 0o644))
	}
	files, err := log.Find(context.Background(), []string{filepath.Join(dir, "a.jsonl"), filepath.Join(dir, "b.jsonl")}, nil)
	require.NoError(t, err)
	r, err := files.Open(context.Background(), log.Options{Formats: Options{}.Formats()})
	require.NoError(t, err)
	defer r.Close()
	seen := make(map[string]*byte)
	for r.Scan() {
		name := r.Entry().ModelName
		if seen[name] == nil {
			seen[name] = unsafe.StringData(name)
		}
		require.Same(t, seen[name], unsafe.StringData(name))
	}
	require.NoError(t, r.Err())
	require.Len(t, seen, 2*maxInterned)
}
