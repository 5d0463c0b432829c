package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCause(t *testing.T) {
	failed := "job job-001 failed:\nbundle inst006 stage-004 failed:process bundle failed for instruction inst006 using plan stage-004 : while executing Process for Plan[stage-004]:\n" +
		"10: ParDo[job.joinFn] Out:[9] Sig: func(context.Context)\n\tcaused by:\nsource failed processing data\n\tcaused by:\n" +
		"DoFn[UID:10, PID:e14, Name: hashlog/cmd/hashlog-beam/internal/job.joinFn] failed:\nreading /parts/part-1.sum: at byte 0: this is no summary"
	require.Equal(t, "reading /parts/part-1.sum: at byte 0: this is no summary", cause(failed))
	panicked := "job job-001 failed:\nFull error:\nwhile executing\n\tcaused by:\npanic: runtime error: index out of range [0] with length 0 goroutine 148 [running]:\nruntime/debug.Stack()\n"
	require.Equal(t, "panic: runtime error: index out of range [0] with length 0", cause(panicked))
	require.Equal(t, "no job service endpoint specified", cause("no job service endpoint specified"))
}
