package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func outcomes() []outcome {
	of := took(map[string][]float64{"a": {9, 4, 6}, "b": {1, 2, 3}}, 0)
	return []outcome{
		row{"fast", "a against b", ratio("a", "b"), times, atMost(4, 3)}.outcome(of, ""),
		row{"slow", "b, ≥ 3", seconds("b"), "s", atLeast(3, 5)}.outcome(of, ""),
		row{"free", "a", seconds("a"), "s", limit{}}.outcome(of, ""),
		row{"memory", "memory", gibibytes("a"), "GiB", limit{bar: 3}}.outcome(of, ""),
		row{"absent", "wc", ratio("wc", "b"), times, atMost(8, 5)}.outcome(nil, "needs wc"),
	}
}

func TestTable(t *testing.T) {
	require.Equal(t, `| what        | measured | bar     | aim   | ok?          | spread   | medians  |
|-------------|----------|---------|-------|--------------|----------|----------|
| a against b | 3x       | ≤ 4x    | ≤ 3x  | yes, aim met | 2 to 9x  | 6 s, 2 s |
| b, ≥ 3      | 2 s      | ≥ 3 s   | ≥ 5 s | NO           | 1 to 3 s |          |
| a           | 6 s      | –       | –     | –            | 4 to 9 s |          |
| memory      | –        | ≤ 3 GiB | –     | skipped      |          |          |
| wc          | –        | ≤ 8x    | ≤ 5x  | skipped      |          |          |

skipped: memory: this system does not report the peak memory of a process
skipped: absent: needs wc
`, table(outcomes()))
}

func TestTableTellsOfADiskThatWasRead(t *testing.T) {
	of := took(map[string][]float64{"a": {1, 1}}, 0)
	of.samples["a"][1].Disk = 3 << 30
	require.Contains(t, table([]outcome{row{"a", "a", seconds("a"), "s", limit{}}.outcome(of, "")}),
		"\nnot all in the page cache: a: a run read 3 GiB from disk\n")
}

func TestMissed(t *testing.T) {
	all := outcomes()
	require.True(t, missed(all))
	require.False(t, missed(append(all[:1], all[2:]...)))
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		limit limit
		value float64
		want  verdict
	}{
		{atMost(10, 3), -1, aimMet}, {atMost(10, 3), 3, aimMet}, {atMost(10, 3), 10, barMet}, {atMost(10, 3), 10.1, barMissed},
		{atLeast(3, 6), 6, aimMet}, {atLeast(3, 6), 3, barMet}, {atLeast(3, 6), 2.9, barMissed},
		{limit{bar: 3}, 1, barMet}, {limit{bar: 3}, 4, barMissed}, {limit{}, 4, unasked},
	} {
		require.Equal(t, c.want, c.limit.judge(c.value), c)
	}
}

func TestWriteUnits(t *testing.T) {
	require.Equal(t, "0.623x", times.write(0.6234))
	require.Equal(t, "12.3 s", measure("s").write(12.34))
	require.Equal(t, "1408 B", measure("B").write(1408.4))
	require.Equal(t, "-2.5 %", measure("%").write(-2.5))
}

func TestJSONHoldsEveryRun(t *testing.T) {
	text, err := json.Marshal(outcomes()[0])
	require.NoError(t, err)
	var have struct {
		Key      string
		Measured float64
		OK       verdict
		Bar, Aim float64
		Runs     map[string][]sample
	}
	require.NoError(t, json.Unmarshal(text, &have))
	require.Equal(t, "fast", have.Key)
	require.Equal(t, []float64{3, 4, 3}, []float64{have.Measured, have.Bar, have.Aim})
	require.Equal(t, aimMet, have.OK)
	require.Equal(t, 4.0, have.Runs["a"][1].Wall)
}
