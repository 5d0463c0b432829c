package source

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQuoted(t *testing.T) {
	for name, want := range map[string]string{
		"":                       `""`,
		"Qwen/Qwen2.5-7B":        "Qwen/Qwen2.5-7B",
		"größe 日本":               "größe 日本",
		"\x1b[31mred":            `"\x1b[31mred"`,
		"a\rb":                   `"a\rb"`,
		"a\nb":                   `"a\nb"`,
		"left\u202eright":        `"left\u202eright"`,
		"no\xffUTF-8":            `"no\xffUTF-8"`,
		"a\u00a0non-breaking":    `"a\u00a0non-breaking"`,
		"zero\u200bwidth":        `"zero\u200bwidth"`,
		`as "quoted" as it gets`: `as "quoted" as it gets`,
	} {
		require.Equal(t, want, Quoted(name))
	}
}
