package writer

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// A segment that has been made before the janitor is told about it is newer than the live
// one that the janitor knows. Older ones are removed, and it stays.
func TestRetentionSparesWhatIsNewer(t *testing.T) {
	dir := t.TempDir()
	names := []string{"lookup_hashes_20240331_000000_000000.jsonl", "lookup_hashes_20240331_000000_000001.jsonl", "lookup_hashes_20240331_000000_000002.jsonl"}
	for _, name := range names {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("{}\n"), 0o666))
	}
	opts, err := Options{Dir: dir, MaxFiles: 1}.withDefaults()
	require.NoError(t, err)
	j := newJanitor(opts, newFaults(opts, new(atomic.Int64)), nil, nil)
	j.begun(filepath.Join(dir, names[1]))
	j.close(t.Context())
	left, _, err := list(opts.fs, dir)
	require.NoError(t, err)
	require.Len(t, left, 2)
	require.Equal(t, names[1], left[0].name)
	require.EqualValues(t, 1, j.deleted.files.Load())
}
