package log

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// asNobody continues as an unprivileged user, who then owns the test's folder, until the test
// ends: root may read everything.
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
