package analyze

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// someSettings are options of which every setting is set.
func someSettings() Options {
	model, from, berlin := "m \"x\"", 1711843200.0000625, mustZone("Europe/Berlin")
	return Options{
		Filter: Filter{Model: &model}, IgnoreModel: true, BytesPerChunk: 3 << 20, Ranks: 4,
		Geometry:   &geometry.Geometry{File: "a/config.json", Architecture: "LlamaForCausalLM", Ranks: 2, KVDType: "fp8", Formula: "1 B a token", BytesPerToken: 1, Defaults: []string{"head_dim"}},
		TouchOrder: sim.TailFirst,
		Cache:      Cache{Name: "x", Watermark: &sim.Watermark{Trigger: .8, Ratio: .2, Interval: 1}, StoreDelay: 2 * time.Second, TTL: 366*24*time.Hour + 1, Admit: 2},
		Warmup:     Warmup{Until: &from},
		Capacities: []units.Capacity{units.InBytes(64<<30 + 1), {Unit: units.Unlimited}},
		Rolling:    &RollingOptions{Window: time.Minute},
		By:         []Dimension{ByHour, ByLength}, LengthClasses: []int64{5, 7}, TimeZone: berlin,
		Blocks: Blocks{Size: 64, KeepTail: true},
	}
}

func mustZone(name string) *time.Location {
	zone, err := ParseTimeZone(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func TestSummarySettingsKeepOptions(t *testing.T) {
	all := someSettings()
	tiers := Options{Ranks: 1, Cache: Cache{Name: "lru"}, Rolling: &RollingOptions{Window: time.Minute}, Warmup: Warmup{Duration: 90 * time.Minute},
		Tiers: &TierOptions{Window: time.Minute, Tiers: []Tier{{"gpu", units.InBytes(5 << 40), 1, 2, 3}, {Name: "rest", Capacity: units.Capacity{Unit: units.Unlimited}}}},
		TTLs:  &TTLOptions{TTLs: []time.Duration{time.Hour, time.Minute}, Grid: true}}
	batches := Options{Ranks: 1, Cache: Cache{Name: "lru", Watermark: all.Cache.Watermark}, Rolling: &RollingOptions{},
		Grid: &GridOptions{From: units.InChunks(1), To: units.InBytes(9), Points: 5, Linear: true}}
	bounded := Options{Ranks: 1, Cache: Cache{Name: "lru"}, Rolling: &RollingOptions{}, MaxCapacity: units.InChunks(4096)}
	for _, want := range []Options{all, tiers, batches, bounded, {Ranks: 1, Cache: Cache{Name: "lru"}, Rolling: &RollingOptions{}}} {
		text, err := json.Marshal(SettingsOf(&want))
		require.NoError(t, err)
		var s SummarySettings
		require.NoError(t, json.Unmarshal(text, &s))
		got, err := s.Options()
		require.NoError(t, err, "%s", text)
		require.Equal(t, want, *got)
		mine := SettingsOf(&want)
		require.NoError(t, mine.Differ(&s))
	}
}

func TestSummarySettingsRefuseNonsense(t *testing.T) {
	for _, s := range []SummarySettings{{TouchOrder: "middle"}, {TTL: "1"}, {MaxCapacity: "5K"}, {Capacities: []string{"0"}}, {By: []string{"color"}},
		{TimeZone: "Nowhere/Land"}, {Tiers: []TierSetting{{Name: "a", Capacity: "x"}}}, {TTLs: []string{"-1s"}}, {Ranks: -1}, {Grid: &GridSetting{From: "x"}}, {BlockSize: -1}} {
		_, err := s.Options()
		require.Error(t, err, "%+v", s)
	}
}

// TestSummarySettingsDifferInEachField sets the fields to zero one by one.
func TestSummarySettingsDifferInEachField(t *testing.T) {
	opts := someSettings()
	opts.Tiers = &TierOptions{Tiers: []Tier{{Name: "gpu", Capacity: units.InBytes(1)}}, Mode: Exclusive}
	opts.TTLs = &TTLOptions{TTLs: []time.Duration{time.Hour}}
	opts.Warmup.Duration = time.Hour
	opts.MaxCapacity = units.InChunks(4096)
	opts.Grid = &GridOptions{From: units.InChunks(1), To: units.InChunks(9)}
	all := SettingsOf(&opts)
	fields := reflect.TypeOf(all)
	for i := range fields.NumField() {
		other := all
		field := reflect.ValueOf(&other).Elem().Field(i)
		require.False(t, field.IsZero(), "the test must set %s", fields.Field(i).Name)
		field.SetZero()
		err := all.Differ(&other)
		var differ *SettingsError
		require.ErrorAs(t, err, &differ, fields.Field(i).Name)
		require.NotEqual(t, differ.This, differ.Other)
	}
}

func TestSummarySettingsDoNotDifferInWhatIsOfNoAccount(t *testing.T) {
	one, two := someSettings(), someSettings()
	two.Capacities = []units.Capacity{two.Capacities[1], two.Capacities[0]}
	two.By = []Dimension{ByLength, ByHour}
	elsewhere := *two.Geometry
	elsewhere.File = "b/config.json"
	two.Geometry = &elsewhere
	a, b := SettingsOf(&one), SettingsOf(&two)
	require.NoError(t, a.Differ(&b))
	elsewhere.Formula = "2 B a token"
	require.EqualError(t, a.Differ(&b), `they differ in a setting: model config is LlamaForCausalLM, 2 ranks, fp8: 1 B a token, and LlamaForCausalLM, 2 ranks, fp8: 2 B a token`)
	b = SettingsOf(&Options{})
	require.ErrorContains(t, a.Differ(&b), "touch order is tail, and head")
}
