package main

import (
	"flag"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadme finds flags that the README and the help name, and that there aren't.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var f flags
	ours := flag.NewFlagSet("", flag.ContinueOnError)
	f.add(ours)
	elsewhere := map[string]bool{"target": true, "net": true, "flink-master": true, "help": true} // of hashlog, docker and the job server
	for _, m := range regexp.MustCompile(`(?:^|[\s"'`+"`"+`(])--?([a-z][a-z_-]*)`).FindAllStringSubmatch(string(text)+usage, -1) {
		require.True(t, ours.Lookup(m[1]) != nil || flag.Lookup(m[1]) != nil || elsewhere[m[1]], "flag %s", m[0])
	}
}
