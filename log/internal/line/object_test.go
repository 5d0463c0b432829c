package line

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestObjectOutOfStep(t *testing.T) {
	o := NewObject("a", "b")
	require.Nil(t, o.Value(0))
	require.NoError(t, o.Parse([]byte(`{"a": 1}`)))
	require.Equal(t, "1", string(o.Value(0)))
	require.Nil(t, o.Value(1))
	require.Nil(t, o.Value(2), "there is no such name")
	require.Error(t, o.Parse([]byte(`{"a": 1, "b"`)))
	require.Nil(t, o.Value(0), "of a line that is no object there is nothing")
	require.Nil(t, new(Object).Value(0))
	require.Error(t, o.Parse(nil))
	require.Error(t, o.Parse([]byte(strings.Repeat("[", 20_000))))
}
