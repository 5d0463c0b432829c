package main

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

// TestEverySettingHasFlags finds a setting of summaries that no flag is compared with, and flags that no command has.
func TestEverySettingHasFlags(t *testing.T) {
	chosen := []string{"capacities", "classes", "grid"} // that a report chooses among, and the grid of a state
	var names []string
	for _, s := range new(analyze.SummarySettings).List() {
		names = append(names, s.Name)
	}
	commands := everyCommand(newRootCommand(&env{}))
	hasFlag := func(name string) bool {
		return commands["simulate"].Flags().Lookup(name) != nil || commands["plot"].Flags().Lookup(name) != nil
	}
	for _, f := range fixedFlags {
		require.Contains(t, names, f.setting)
		names = slices.DeleteFunc(names, func(name string) bool { return name == f.setting })
		for _, flag := range f.flags {
			require.True(t, hasFlag(flag), flag)
		}
	}
	require.Equal(t, chosen, names)
	for _, flag := range append(slices.Clone(flagsOfLogs), askingFlags...) {
		require.True(t, hasFlag(flag), flag)
	}
}
