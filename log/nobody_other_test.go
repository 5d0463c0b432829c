//go:build !linux

package log

import (
	"os"
	"testing"
)

// asNobody skips the test if it runs as root, or if the system has no users.
func asNobody(t *testing.T, _ string) {
	if os.Getuid() <= 0 {
		t.Skip("needs a system and a user to whom something is forbidden")
	}
}
