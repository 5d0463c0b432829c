//go:build !linux

package log

import (
	"os"
	"testing"
)

// asNobody skips where it can't be told how to be somebody else.
func asNobody(t *testing.T, _ string) {
	if os.Getuid() <= 0 {
		t.Skip("needs a system and a user to whom something is forbidden")
	}
}
