package routing

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func parsed(t testing.TB, text string) Routing {
	t.Helper()
	r, err := Parse(text)
	require.NoError(t, err)
	return r
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"round-robin":            "round-robin",
		"random":                 "random",
		"session":                "session",
		"prefix:2":               "prefix:2",
		"prefix:02":              "prefix:2",
		"prefix:1000000":         "prefix:1000000",
		"prefix:2:bounded=1.250": "prefix:2:bounded=1.25",
		"prefix:2:bounded=0":     "prefix:2",
		"sglang:match=0.3":       "sglang",
		"dynamo:requests=1e3":    "dynamo:requests=1000",
		"llm-d:queue=2:prefix=3": "llm-d:prefix=3:queue=2",
	} {
		r := parsed(t, text)
		require.Equal(t, want, r.String())
		require.Equal(t, r, parsed(t, r.String()))
	}
	require.NotEqual(t, parsed(t, "prefix:2"), parsed(t, "prefix:3"))
	require.NotEqual(t, parsed(t, "prefix:2"), parsed(t, "prefix:2:bounded=1.25"))
	require.Equal(t, 1.25, parsed(t, "prefix:2:bounded=1.25").About().Options[0].Default)
	require.Equal(t, "requests", parsed(t, "prefix:2:bounded=1.25").About().Load)
	require.Empty(t, parsed(t, "prefix:2").About().Load)
	require.Empty(t, Routing{}.String())
	require.Panics(t, func() { Routing{}.New(1, Settings{}) })
	require.Panics(t, func() { parsed(t, "random").New(0, Settings{}) })
}

func TestParseErrors(t *testing.T) {
	const known = "must be round-robin, random, prefix:K, session, longest-prefix, dynamo, sglang, aibrix, llm-d or production-stack"
	for text, want := range map[string]string{
		"":                                   `routing "": ` + known,
		"RANDOM":                             `routing "RANDOM": ` + known,
		"random,session":                     `routing "random,session": ` + known,
		"prefix":                             `routing "prefix": must be prefix:K with a number of chunks, such as prefix:2`,
		"prefix:":                            `routing "prefix": must be prefix:K with a number of chunks, such as prefix:2`,
		"prefix:0":                           `routing "prefix:0": must be prefix:K with a whole number of chunks, at least 1`,
		"prefix:-1":                          `routing "prefix:-1": must be prefix:K with a whole number of chunks, at least 1`,
		"prefix:1.5":                         `routing "prefix:1.5": must be prefix:K with a whole number of chunks, at least 1`,
		"prefix:99999999999999999999":        `routing "prefix:99999999999999999999": must be prefix:K with a whole number of chunks, at least 1`,
		"prefix:bounded=1.25":                `routing "prefix:bounded=1.25": must be prefix:K with a whole number of chunks, at least 1`,
		"prefix:2:":                          `option "" of routing prefix: must be bounded`,
		"prefix:2:3":                         `option "3" of routing prefix: must be bounded`,
		"prefix:2:bounded":                   `bounded= of routing prefix: must be 0 or from 1 to 1000`,
		"prefix:2:bounded=0.9":               `bounded=0.9 of routing prefix: must be 0 or from 1 to 1000`,
		"prefix:2:bounded=NaN":               `bounded=NaN of routing prefix: must be 0 or from 1 to 1000`,
		"prefix:2:bounded=1.25:bounded=1.25": `bounded=1.25 of routing prefix: must be given once`,
		"dynamo:credit=1.5":                  `credit=1.5 of routing dynamo: must be from 0 to 1`,
		"sglang:gap=Inf":                     `gap=Inf of routing sglang: must be 0 or more`,
		"aibrix:match=1":                     `option "match" of routing aibrix: must be gap or sigma`,
		"session:":                           `option "" of routing session: it has no options`,
		"random:seed=1":                      `option "seed" of routing random: it has no options`,
	} {
		_, err := Parse(text)
		require.EqualError(t, err, want, text)
	}
}

func TestAll(t *testing.T) {
	var names []string
	for _, about := range All() {
		names = append(names, about.Form())
		require.NotEmpty(t, about.Text)
		require.NotEmpty(t, about.Source)
		require.NotEmpty(t, about.Date)
		require.LessOrEqual(t, len(about.Options), maxOptions)
		for _, o := range about.Options {
			require.True(t, o.Valid(o.Default), "%s:%s", about.Name, o.Name)
			require.False(t, o.Valid(math.NaN()))
			require.NotEmpty(t, o.Text)
			require.NotEmpty(t, o.Values)
		}
	}
	require.Equal(t, []string{"round-robin", "random", "prefix:K", "session", "longest-prefix", "dynamo", "sglang", "aibrix", "llm-d", "production-stack"}, names)
	require.True(t, parsed(t, "session").NeedsSession())
	require.False(t, parsed(t, "prefix:1").NeedsSession())
	require.False(t, parsed(t, "production-stack").NeedsSession())
	require.False(t, parsed(t, "prefix:1:bounded=2").CacheAware())
	require.True(t, parsed(t, "dynamo").CacheAware())
}
