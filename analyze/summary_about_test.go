package analyze

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

// dayOf summarizes the requests of a log between two times; 0 is no bound.
func dayOf(t *testing.T, files *log.Files, since, until float64, change func(*Options)) *Summary {
	t.Helper()
	opts := Options{Rolling: &RollingOptions{}}
	if since != 0 {
		opts.Since = &since
	}
	if until != 0 {
		opts.Until = &until
	}
	change(&opts)
	s, err := Summarize(t.Context(), files, opts)
	require.NoError(t, err)
	return s
}

// asking is a request for chunks of 7 bytes at a time.
func asking(at float64, chunks ...int) log.Record {
	r := log.Record{Timestamp: at, ModelName: "m", ChunkSize: 10, SeqLen: 10 * int64(len(chunks)), DTypes: []string{"int8"}, Shapes: [][]int64{{7}}}
	for _, c := range chunks {
		r.ChunkHashes = append(r.ChunkHashes, fmt.Sprintf("0x%x", c))
	}
	return r
}

func plainOptions(*Options) {}

func TestSummariesThatCannotBeJoined(t *testing.T) {
	files := findLog(t, []log.Record{asking(1, 1, 2), asking(2, 2, 3), asking(3, 1), asking(4, 3, 4)})
	first := func() *Summary { return dayOf(t, files, 0, 3, plainOptions) }

	var overlap *OverlapError
	require.ErrorAs(t, first().Then(dayOf(t, files, 2, 0, plainOptions)), &overlap)
	require.Equal(t, OverlapError{3, 2}, *overlap)

	var twice *TwiceError
	joined := first()
	require.NoError(t, joined.Then(dayOf(t, files, 3, 0, plainOptions)))
	require.ErrorAs(t, joined.Then(dayOf(t, files, 3, 0, plainOptions)), &twice)
	require.ErrorAs(t, joined.Beside(first()), &twice)

	for setting, change := range map[string]func(*Options){
		"touch order":     func(o *Options) { o.TouchOrder = 1 },
		"models":          func(o *Options) { o.IgnoreModel = true },
		"bytes per chunk": func(o *Options) { o.BytesPerChunk = 5 },
		"capacities":      func(o *Options) { o.Capacities = []units.Capacity{units.InChunks(3)} },
		"window":          func(o *Options) { o.Rolling.Window = 1e9 },
	} {
		var differ *SettingsError
		require.ErrorAs(t, first().Then(dayOf(t, files, 3, 0, change)), &differ)
		require.Equal(t, setting, differ.Setting)
		require.ErrorAs(t, first().Beside(dayOf(t, files, 3, 0, change)), &differ)
	}
}

func TestSummaryKnowsItsSpan(t *testing.T) {
	files := findLog(t, []log.Record{asking(1, 1, 2), asking(2, 2, 3), asking(3, 1), asking(4, 3, 4)})
	s := dayOf(t, files, 0, 3, plainOptions)
	require.Equal(t, int64(2), s.Requests())
	require.Equal(t, []float64{1, 2}, []float64{s.Span().First, s.Span().Last})
	require.Nil(t, s.Span().Since)
	require.Equal(t, 3.0, *s.Span().Until)
	require.Len(t, s.Span().Parts, 1)
	require.Equal(t, s.Span().Parts, dayOf(t, files, 0, 3, plainOptions).Span().Parts, "another summary of the same part")
	require.NotEqual(t, s.Span().Parts, dayOf(t, files, 0, 4, plainOptions).Span().Parts)
	empty := dayOf(t, files, 7, 8, plainOptions)
	require.True(t, empty.Span().Empty())
	require.Empty(t, empty.Span().Parts)
	require.NoError(t, s.Then(dayOf(t, files, 3, 7, plainOptions)))
	require.NoError(t, s.Then(empty))
	require.Equal(t, 8.0, *s.Span().Until)
	require.Equal(t, int64(4), s.Requests())
}
