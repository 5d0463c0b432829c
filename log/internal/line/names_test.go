package line

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// TestNamesAreBounded interns ever new names: neither Names nor NameCache grows without bound.
func TestNamesAreBounded(t *testing.T) {
	shared := &Names{}
	cache := NameCache{Shared: shared}
	for i := range 3 * sharedNames / 2 {
		name := fmt.Sprint(i)
		require.Equal(t, name, Intern(&cache, name))
	}
	require.LessOrEqual(t, len(shared.all), sharedNames)
	require.LessOrEqual(t, len(cache.some), CachedNames)
	long := strings.Repeat("n", sharedNameBytes/4)
	for i := range 10 {
		Intern(&cache, fmt.Sprint(i, long))
		require.LessOrEqual(t, shared.bytes, sharedNameBytes)
	}
	require.Same(t, unsafe.StringData(Intern(&NameCache{Shared: shared}, "same")), unsafe.StringData(Intern(&NameCache{Shared: shared}, []byte("same"))))

	var alone NameCache
	require.Equal(t, "name", Intern(&alone, []byte("name")))
	require.Empty(t, Intern(&alone, ""))
}
