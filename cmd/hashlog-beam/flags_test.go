package main

import (
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim"
)

func parsed(t *testing.T, args ...string) (f flags, err error) {
	t.Helper()
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.String("runner", "", "") // one of Beam's
	err = f.parse(set, args)
	return f, err
}

func TestFlags(t *testing.T) {
	f, err := parsed(t, "--logs", "a", "b", "--cuts", "64", "--logs=c", "--runner", "flink", "--max-capacity", "1TiB", "--capacity", "64GiB,inf", "--capacity", "5chunks",
		"--warmup", "2024-01-01", "--ttl", "1d", "--touch-order", "tail", "--window", "5m", "-o", "out", "--work", "s3://b/w")
	require.NoError(t, err)
	require.NoError(t, f.check())
	require.Equal(t, []string{"a", "b", "c"}, f.logs)
	require.Equal(t, 64, f.cuts)
	require.Equal(t, units.InBytes(1<<40), f.opts.MaxCapacity)
	require.Equal(t, []units.Capacity{units.InBytes(64 << 30), {Unit: units.Unlimited}, units.InChunks(5)}, f.opts.Capacities)
	require.Equal(t, 1704067200.0, *f.opts.Warmup.Until)
	require.Equal(t, 24*time.Hour, f.opts.Cache.TTL)
	require.Equal(t, sim.TailFirst, f.opts.TouchOrder)
	require.Equal(t, 5*time.Minute, f.opts.Rolling.Window)
	require.Equal(t, "s3://b/w", f.work)
	require.True(t, len(f.output) > len("/out"), f.output)
}

func TestWrongCommandLines(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "name the folders of logs"},
		{[]string{"--logs", "a"}, "--work"},
		{[]string{"--logs", "a", "--work", "w"}, "-o DIR"},
		{[]string{"a"}, `"a" is no flag: folders of logs follow --logs`},
		{[]string{"--cuts", "0"}, "not a whole number above zero"},
		{[]string{"--logs", "a", "--work", "w", "-o", "o", "--since", "2024-02-01", "--until", "2024-01-01"}, "--since must be before --until"},
		{[]string{"--logs", "a", "--work", "w", "-o", "o", "--since", "2024-02-01", "--warmup", "2024-01-01"}, "warm-up ends outside"},
		{[]string{"--max-capacity", "5T"}, "can mean either"},
	} {
		status, stdout, stderr := command(t, c.args...)
		require.Equal(t, statusUsage, status, c.args)
		require.Empty(t, stdout)
		require.Contains(t, stderr, c.want)
		require.Contains(t, stderr, "hashlog-beam --help")
	}
	status, stdout, _ := command(t, "--help")
	require.Zero(t, status)
	require.Equal(t, usage, stdout)
}
