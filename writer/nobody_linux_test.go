package writer

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// asNobody makes the test run as a user without rights, who owns the test's folder, until
// the test ends: root may do anything.
func asNobody(t *testing.T, dir string) {
	const nobody = 65534
	if os.Geteuid() != 0 {
		return
	}
	require.NoError(t, os.Chown(dir, nobody, nobody))
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, syscall.Setresuid(-1, nobody, -1))
	t.Cleanup(func() { require.NoError(t, syscall.Setresuid(-1, 0, -1)) })
}
