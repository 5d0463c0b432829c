package source

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDamageText(t *testing.T) {
	require.Equal(t, "compressed data ends early", Damage(io.ErrUnexpectedEOF))
	require.Equal(t, "compressed data is corrupt: short buffer", Damage(io.ErrShortBuffer))
}
