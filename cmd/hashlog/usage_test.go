package main

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDidYouMean mistypes commands and flags, which is wrong usage whatever stands behind them.
func TestDidYouMean(t *testing.T) {
	for line, want := range map[string]string{
		"simluate":                             `unknown command "simluate"; did you mean simulate? (see 'hashlog --help')`,
		"simluate logs --capacity 64GiB":       `unknown command "simluate"; did you mean simulate? (see 'hashlog --help')`,
		"Plot":                                 `unknown command "Plot"; did you mean plot? (see 'hashlog --help')`,
		"insp":                                 `unknown command "insp"; did you mean inspect? (see 'hashlog --help')`,
		"replay logs":                          `unknown command "replay" (see 'hashlog --help')`,
		"help simluate":                        `no help on "simluate"; did you mean simulate? (see 'hashlog --help')`,
		"help szies":                           `no help on "szies"; did you mean sizes? (see 'hashlog --help')`,
		"help plot simulate":                   `no help on "plot simulate" (see 'hashlog --help')`,
		"simulate logs --capcity 64GiB":        `unknown flag: --capcity; did you mean --capacity? (see 'hashlog simulate --help')`,
		"simulate logs --capcity=64GiB":        `unknown flag: --capcity; did you mean --capacity? (see 'hashlog simulate --help')`,
		"plot logs --untill 3 -o out":          `unknown flag: --untill; did you mean --until? (see 'hashlog plot --help')`,
		"plot logs --form svg":                 `unknown flag: --form; did you mean --from? (see 'hashlog plot --help')`,
		"simulate logs --evict":                `unknown flag: --evict; did you mean --evict-trigger or --evict-ratio or --evict-interval? (see 'hashlog simulate --help')`,
		"record --nosuch":                      `unknown flag: --nosuch (see 'hashlog record --help')`,
		"simulate logs -x":                     `unknown shorthand flag: 'x' in -x (see 'hashlog simulate --help')`,
		"--capacity 64GiB":                     `unknown flag: --capacity (see 'hashlog --help')`,
		"simulate logs --capacity":             `flag needs an argument: --capacity (see 'hashlog simulate --help')`,
		"simulate logs --" + manyLetters(9000): `unknown flag: --` + manyLetters(9000) + ` (see 'hashlog simulate --help')`,
	} {
		var stderr strings.Builder
		require.Equal(t, exitUsage, run(strings.Fields(line), nil, io.Discard, &stderr), line)
		require.Equal(t, "hashlog: "+want+"\n", stderr.String())
	}
}

func manyLetters(n int) string { return strings.Repeat("x", n) }
