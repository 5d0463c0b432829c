package suggest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTypingErrors(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"capacity", "capacity", 0}, {"capcity", "capacity", 1}, {"simluate", "simulate", 1},
		{"kitten", "sitting", 3}, {"ab", "ba", 1}, {"abc", "cab", 2}, {"modle", "model", 1},
	} {
		require.Equal(t, tt.want, typingErrors(tt.a, tt.b), tt)
		require.Equal(t, tt.want, typingErrors(tt.b, tt.a), tt)
	}
}

func TestClosest(t *testing.T) {
	names := []string{"capacity", "cache", "evict-ratio", "evict-trigger", "since"}
	for typed, want := range map[string][]string{"capcity": {"capacity"}, "cahce": {"cache"}, "evict": {"evict-ratio", "evict-trigger"}, "x": nil, "zzzzzz": {}} {
		require.Equal(t, want, Closest(typed, names), typed)
	}
}
