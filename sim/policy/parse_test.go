package policy

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Spec{
		"fifo":                          {Name: "fifo", Options: map[string]float64{}},
		"s3fifo:small=0.1":              {Name: "s3fifo", Options: map[string]float64{}},
		"s3fifo:small=0.25:cap=1":       {Name: "s3fifo", Options: map[string]float64{"small": 0.25, "cap": 1}},
		"random:seed=9007199254740992":  {Name: "random", Options: map[string]float64{"seed": 1 << 53}},
		"s3fifo:cap=2:small=1:ghost=0.": {Name: "s3fifo", Options: map[string]float64{"cap": 2, "small": 1, "ghost": 0}},
	} {
		got, err := Parse(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
		again, err := Parse(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
	require.Equal(t, "s3fifo:small=0.25:ghost=0:cap=2", parsed(t, "s3fifo:cap=2:ghost=0:small=0.25").String())
	require.Equal(t, "s3fifo", parsed(t, "s3fifo:cap=3").String())
	require.Equal(t, "batched:trigger=0.5", Batched(sim.Watermark{Trigger: 0.5, Ratio: 0.2}).String())
	require.Equal(t, "lru", LRU().String())

	server := Batched(sim.Watermark{Trigger: 0.5, Ratio: 0.3})
	other, err := server.With("trigger=0.9")
	require.NoError(t, err)
	require.Equal(t, Batched(sim.Watermark{Trigger: 0.9, Ratio: 0.3}), other, "an option that is not named stays")
	require.Equal(t, Batched(sim.Watermark{Trigger: 0.5, Ratio: 0.3}), server)
	require.Equal(t, []float64{0.9, 0.3}, []float64{OptionsOf(other)[0].Default, OptionsOf(other)[1].Default})
	require.Equal(t, "a name", Spec{Name: "a name"}.String())
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                          `cache "": must be fifo, sieve, s3fifo, arc, radix, random, redis, valkey, redis-lfu, memcached or memcached-flat`,
		"lru":                       `cache "lru": must be fifo, sieve, s3fifo, arc, radix, random, redis, valkey, redis-lfu, memcached or memcached-flat`,
		"SIEVE":                     `cache "SIEVE": must be fifo, sieve, s3fifo, arc, radix, random, redis, valkey, redis-lfu, memcached or memcached-flat`,
		"sieve:":                    `option "" of cache sieve: it has no options`,
		"arc:p=1":                   `option "p" of cache arc: it has no options`,
		"random:":                   `option "" of cache random: must be seed`,
		"s3fifo:big=1":              `option "big" of cache s3fifo: must be small, ghost or cap`,
		"s3fifo:small":              `small= of cache s3fifo: must be above 0 and at most 1`,
		"s3fifo:small=0":            `small=0 of cache s3fifo: must be above 0 and at most 1`,
		"s3fifo:small=1.5":          `small=1.5 of cache s3fifo: must be above 0 and at most 1`,
		"s3fifo:small=NaN":          `small=NaN of cache s3fifo: must be above 0 and at most 1`,
		"s3fifo:small=10%":          `small=10% of cache s3fifo: must be above 0 and at most 1`,
		"s3fifo:cap=2.5":            `cap=2.5 of cache s3fifo: must be a whole number from 1 to 255`,
		"s3fifo:cap=256":            `cap=256 of cache s3fifo: must be a whole number from 1 to 255`,
		"s3fifo:ghost=-1":           `ghost=-1 of cache s3fifo: must be from 0 to 100`,
		"s3fifo:small=.1:small=.1":  `small=.1 of cache s3fifo: must be given once`,
		"random:seed=-1":            `seed=-1 of cache random: must be a whole number from 0 to 2^53`,
		"random:seed=1e300":         `seed=1e300 of cache random: must be a whole number from 0 to 2^53`,
		"random:seed=1:":            `option "" of cache random: must be seed`,
		"s3fifo:small=0.2 :cap=1":   `small=0.2  of cache s3fifo: must be above 0 and at most 1`,
		"s3fifo,sieve":              `cache "s3fifo,sieve": must be fifo, sieve, s3fifo, arc, radix, random, redis, valkey, redis-lfu, memcached or memcached-flat`,
		"batched:trigger=0.8":       `cache "batched": must be fifo, sieve, s3fifo, arc, radix, random, redis, valkey, redis-lfu, memcached or memcached-flat`,
		"random:seed=0x1p-1":        `seed=0x1p-1 of cache random: must be a whole number from 0 to 2^53`,
		"random:seed=1e400":         `seed=1e400 of cache random: must be a whole number from 0 to 2^53`,
		"random:seed=1:seed=2":      `seed=2 of cache random: must be given once`,
		"s3fifo:ghost=101":          `ghost=101 of cache s3fifo: must be from 0 to 100`,
		"s3fifo:small=0.5:cap=Inf":  `cap=Inf of cache s3fifo: must be a whole number from 1 to 255`,
		"s3fifo:small=0.5:cap=-0":   `cap=-0 of cache s3fifo: must be a whole number from 1 to 255`,
		"memcached:warm_lru_pct=61": `warm_lru_pct=61 of cache memcached: must be at most 80 together with hot_lru_pct`,
		"memcached:hot_lru_pct=80":  `hot_lru_pct=80 of cache memcached: must be a whole number from 1 to 79`,
		"memcached-flat:x=1":        `option "x" of cache memcached-flat: it has no options`,
	} {
		_, err := Parse(text)
		require.EqualError(t, err, want)
	}
}

func TestAll(t *testing.T) {
	var names []string
	for _, about := range All() {
		names = append(names, about.Name)
		require.NotEmpty(t, about.Text)
		require.NotEmpty(t, about.Source)
		for _, o := range about.Options {
			require.True(t, o.Valid(o.Default), "%s:%s", about.Name, o.Name)
			require.False(t, o.Valid(math.NaN()))
			require.NotEmpty(t, o.Text)
		}
	}
	require.Equal(t, []string{"fifo", "sieve", "s3fifo", "arc", "radix", "random", "redis", "valkey", "redis-lfu", "memcached", "memcached-flat"}, names)
}

func TestBatchedNeedsAWatermark(t *testing.T) {
	require.Panics(t, func() { Batched(sim.Watermark{}) })
	require.Panics(t, func() { Batched(sim.Watermark{Trigger: 1, Ratio: 1, Interval: 1}) })
}
