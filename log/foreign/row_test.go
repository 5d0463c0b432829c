package foreign

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A field that a format requires is missing, rather than of the wrong type, if it is not there.
func TestMissingFields(t *testing.T) {
	r := newRow([]string{"at", "length", "ids", "id", "model"})
	require.NoError(t, r.object.Parse([]byte(`{"at": null, "other": 1}`)))
	_, err := r.number(0)
	require.EqualError(t, err, `missing "at"`)
	_, err = r.tokens(1)
	require.EqualError(t, err, `missing "length"`)
	_, err = r.integers(2, nil)
	require.EqualError(t, err, `missing "ids"`)

	id, err := r.text(3, nil)
	require.NoError(t, err)
	require.Empty(t, id)
	name, err := r.name(4)
	require.NoError(t, err)
	require.Empty(t, name)
}
