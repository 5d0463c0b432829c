//go:build !linux

package writer

import (
	"os"
	"testing"
)

// asNobody skips the test: only on Linux it knows how to change the user.
func asNobody(t *testing.T, _ string) {
	if os.Getuid() <= 0 {
		t.Skip("needs a system and a user to whom something is forbidden")
	}
}
