package option

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	oven    = Owner{"oven", "steam"}
	options = []Option{
		{Name: "heat", Default: 180, Values: "from 50 to 250", Valid: func(v float64) bool { return v >= 50 && v <= 250 }},
		{Name: "time", Default: 20, Values: "above 0", Valid: func(v float64) bool { return v > 0 }},
	}
)

func TestRead(t *testing.T) {
	for text, want := range map[string]map[string]float64{
		"heat=200":            {"heat": 200},
		"time=.5:heat=2e2":    {"heat": 200, "time": 0.5},
		"heat=0x1p6:time=Inf": {"heat": 64, "time": math.Inf(1)},
	} {
		got, err := Read(text, oven, options)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		"":                  `option "" of oven steam: must be heat or time`,
		"heat=200:":         `option "" of oven steam: must be heat or time`,
		"Heat=200":          `option "Heat" of oven steam: must be heat or time`,
		"heat":              `heat= of oven steam: must be from 50 to 250`,
		"heat=49":           `heat=49 of oven steam: must be from 50 to 250`,
		"heat=NaN":          `heat=NaN of oven steam: must be from 50 to 250`,
		"heat=200 ":         `heat=200  of oven steam: must be from 50 to 250`,
		"time=1e400":        `time=1e400 of oven steam: must be above 0`,
		"heat=99:heat=99":   `heat=99 of oven steam: must be given once`,
		"heat=200:time=one": `time=one of oven steam: must be above 0`,
	} {
		_, err := Read(text, oven, options)
		require.EqualError(t, err, want)
	}
	_, err := Read("heat=200", Owner{"oven", "stone"}, nil)
	require.EqualError(t, err, `option "heat" of oven stone: it has no options`)
	require.ErrorAs(t, err, new(*NameError))
}

func TestFind(t *testing.T) {
	i, err := Find("time", oven, options)
	require.NoError(t, err)
	require.Equal(t, 1, i)
	_, err = Find("power", oven, append(options, Option{Name: "fan"}))
	require.EqualError(t, err, `option "power" of oven steam: must be heat, time or fan`)
}

func TestUnknownError(t *testing.T) {
	require.EqualError(t, &UnknownError{Owner{"oven", "gas"}, []string{"steam"}}, `oven "gas": must be steam`)
}
