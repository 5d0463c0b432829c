package workload_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/sim/workload"
)

func TestWrongOptions(t *testing.T) {
	for _, c := range []struct {
		options workload.Options
		field   string
		reason  string
	}{
		{workload.Options{}, "Requests", "neither a number of requests nor a duration is given"},
		{workload.Options{Requests: -1}, "Requests", "must not be negative, is -1"},
		{workload.Options{Duration: -1}, "Duration", "must not be negative, is -1ns"},
		{workload.Options{Requests: 1, Rate: -1}, "Rate", "must be from 1e-06 to 1e+06 a second, is -1"},
		{workload.Options{Requests: 1, Rate: math.NaN()}, "Rate", "must be from 1e-06 to 1e+06 a second, is NaN"},
		{workload.Options{Requests: 1, Start: time.Unix(0, 0).UTC()}, "Start", "must be from 1971 to 2200, is 1970-01-01T00:00:00Z"},
		{workload.Options{Requests: 1e9, Rate: 0.01}, "Start", "the last request must be before 2200"},
		{workload.Options{Duration: math.MaxInt64, Rate: 0.01}, "Start", "the last request must be before 2200"},
		{workload.Options{Requests: 1, Users: -1}, "Users", "must be from 1 to 100000000, is -1"},
		{workload.Options{Requests: 1, Turns: 0.5}, "Turns", "must be from 1 to 1e+06, is 0.5"},
		{workload.Options{Requests: 1, SystemPrompts: 1e7}, "SystemPrompts", "must be 1000000 at most, is 10000000"},
		{workload.Options{Requests: 1, Reuse: 1}, "Reuse", "must be 0.99 at most, is 1"},
		{workload.Options{Requests: 1, Reuse: math.NaN()}, "Reuse", "must be 0.99 at most, is NaN"},
		{workload.Options{Requests: 1, ChunkSize: -1}, "ChunkSize", "must be from 1 to 1073741824 tokens, is -1"},
		{workload.Options{Requests: 1, MaxTokens: 511}, "MaxTokens", "must be from two chunks (512) to 1073741824 tokens, is 511"},
		{workload.Options{Requests: 1, SystemTokens: 200_000}, "SystemTokens", "must be from 0 to 65536, half the longest prompt, is 200000"},
		{workload.Options{Requests: 1, TurnTokens: -1}, "TurnTokens", "must be from 0 to 131072, the longest prompt, is -1"},
		{workload.Options{Requests: 1, HashBytes: 20}, "HashBytes", "must be 8 or 32, is 20"},
		{workload.Options{Requests: 1, TurnTokens: 10, Turns: 2, SystemPrompts: -1}, "ChunkSize", "prompts hardly ever fill 256 tokens: they have 20 on average"},
		{workload.Options{Requests: 1, Models: []workload.Model{{Name: "m"}, {Name: "m"}}}, "Models", `model "m" is given twice`},
		{workload.Options{Requests: 1, Models: []workload.Model{{Name: "m", Weight: -1}}}, "Models", `model "m": a weight is from 1 to 1000000, not -1`},
		{workload.Options{Requests: 1, Models: []workload.Model{{DTypes: []string{"int8"}}}}, "Models", `model "": 1 dtypes and 0 shapes: there is one of each per tensor`},
		{workload.Options{Requests: 1, Models: []workload.Model{{DTypes: []string{"int8"}, Shapes: [][]int64{{0}}}}}, "Models", `model "": a dimension is above zero`},
	} {
		_, err := workload.New(c.options)
		var field *workload.FieldError
		require.True(t, errors.As(err, &field), "%+v", c.options)
		require.Equal(t, workload.FieldError{Field: c.field, Reason: c.reason}, *field)
	}
}

func TestModels(t *testing.T) {
	given := []workload.Model{
		{Name: "DeepSeek-V3"},
		{Name: "my own"},
		{Name: "sized", DTypes: []string{"uint8"}, Shapes: [][]int64{{4096}}},
	}
	g := generate(t, workload.Options{Requests: 1, ChunkSize: 16, Models: given})
	require.Equal(t, []workload.Model{
		{Name: "DeepSeek-V3", Weight: 1, DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{1, 61, 16, 576}}},
		{Name: "my own", Weight: 1, DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{2, 32, 16, 1024}}},
		{Name: "sized", Weight: 1, DTypes: []string{"uint8"}, Shapes: [][]int64{{4096}}},
	}, g.Models())
	require.Empty(t, given[0].DTypes, "the caller's models stay as they are")
	g.Models()[2].Shapes[0][0] = 7
	given[2].DTypes[0] = "int8"
	require.Equal(t, workload.Model{Name: "sized", Weight: 1, DTypes: []string{"uint8"}, Shapes: [][]int64{{4096}}}, g.Models()[2],
		"so do the generator's")
	require.Contains(t, workload.KnownModels(), "deepseek-ai/DeepSeek-V3")
}
