package log

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDamageText(t *testing.T) {
	require.Equal(t, "compressed data ends early", damage(io.ErrUnexpectedEOF))
	require.Equal(t, "compressed data is corrupt: short buffer", damage(io.ErrShortBuffer))
}
