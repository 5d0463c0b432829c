package analyze

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
)

func TestCSV(t *testing.T) {
	report := runLog(t, loop(3, 8), Options{Grid: &GridOptions{From: units.InBytes(16), To: units.InBytes(24)},
		Rolling: &RollingOptions{Window: 3e9, Capacities: []units.Capacity{units.InChunks(3), {Unit: units.Unlimited}}}})
	var out strings.Builder
	require.NoError(t, WriteCapacityCSV(&out, report.Table))
	require.Equal(t, `capacity_bytes,capacity_chunks,hit_tokens,total_tokens,token_hit_rate,chunk_hit_rate,cacheable_token_hit_rate,tail_tokens,cold_tokens,capacity_miss_tokens,broken_prefix_tokens,capacity_label,evictions,bytes_written
16,2,0,36,0,0,0,12,12,12,0,16 B,4,48
24,3,12,36,0.3333333333333333,0.5,0.5,12,12,0,0,24 B,0,24
`, out.String())
	out.Reset()
	require.NoError(t, WriteRollingCSV(&out, report.Rolling))
	require.Equal(t, `window_start,window_end,capacity_bytes,capacity_chunks,requests,hit_tokens,total_tokens,token_hit_rate,cumulative_token_hit_rate,capacity_label,chunk_lookups,tail_tokens,cold_tokens,capacity_miss_tokens,broken_prefix_tokens
0,3,24,3,3,0,18,0,0,3 chunks,3,6,12,0,0
0,3,,,3,0,18,0,0,unlimited,3,6,12,0,0
3,6,24,3,3,12,18,0.6666666666666666,0.3333333333333333,3 chunks,3,6,0,0,0
3,6,,,3,12,18,0.6666666666666666,0.3333333333333333,unlimited,3,6,0,0,0
`, out.String())
}
