package analyze

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// SummarySettings are the options that a summary fixes: what it has counted holds for these alone. Sizes and durations are texts of the form
// in which they are given, exact to the byte and nanosecond; "" and nil mean that an option was not given.
type SummarySettings struct {
	TouchOrder  string  `json:"touch_order"`
	IgnoreModel bool    `json:"ignore_model"`
	Model       *string `json:"model"`

	BytesPerChunk int64              `json:"bytes_per_chunk"` // 0: not given
	Ranks         int64              `json:"ranks"`
	ModelConfig   *geometry.Geometry `json:"model_config"`

	Cache         string   `json:"cache"`
	EvictTrigger  *float64 `json:"evict_trigger"`
	EvictRatio    *float64 `json:"evict_ratio"`
	EvictInterval *float64 `json:"evict_interval_seconds"`
	StoreDelay    string   `json:"store_delay"`
	TTL           string   `json:"ttl"`
	Admit         int      `json:"admit"` // 0: not given

	MaxCapacity string   `json:"max_capacity"`
	Warmup      string   `json:"warmup"`       // a duration
	WarmupUntil *float64 `json:"warmup_until"` // seconds since the Unix epoch

	Capacities    []string      `json:"capacities"` // at which models, windows and classes are counted, besides the powers of two
	Window        string        `json:"window"`     // length of a window
	Tiers         []TierSetting `json:"tiers"`
	TTLs          []string      `json:"ttls"`
	By            []string      `json:"by"`
	LengthClasses []int64       `json:"length_classes"`
	TimeZone      string        `json:"timezone"`

	Grid *GridSetting `json:"grid"` // at which a cache that evicts in batches is simulated, besides the capacities

	BlockSize int64 `json:"block_size"` // of traces, in tokens; 0: not given
	KeepTail  bool  `json:"keep_tail"`  // of traces

	TierMode string `json:"tier_mode"` // "" or "exclusive"
}

// GridSetting is a grid with fixed ends.
type GridSetting struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Points int    `json:"points"`
	Linear bool   `json:"linear"`
}

// TierSetting is a tier of which a summary counts what it serves.
type TierSetting struct {
	Name           string `json:"name"`
	Capacity       string `json:"capacity"`
	Bandwidth      int64  `json:"bandwidth"` // bytes per second; 0: unknown
	WriteBandwidth int64  `json:"write_bandwidth"`
	Endurance      int64  `json:"endurance"` // bytes; 0: unknown
}

// SettingsOf returns what a summary with these options fixes.
func SettingsOf(o *Options) SummarySettings {
	s := SummarySettings{TouchOrder: OrderName(o.TouchOrder), IgnoreModel: o.IgnoreModel, Model: o.Model,
		BytesPerChunk: o.BytesPerChunk, Ranks: max(o.Ranks, 1), ModelConfig: o.Geometry,
		Cache: o.Cache.name(), StoreDelay: durationSetting(o.Cache.StoreDelay), TTL: durationSetting(o.Cache.TTL), Admit: o.Cache.Admit,
		Warmup: durationSetting(o.Warmup.Duration), WarmupUntil: o.Warmup.Until, LengthClasses: o.LengthClasses,
		BlockSize: o.Blocks.Size, KeepTail: o.Blocks.KeepTail}
	if w := o.Cache.Watermark; w != nil {
		s.EvictTrigger, s.EvictRatio, s.EvictInterval = &w.Trigger, &w.Ratio, &w.Interval
	}
	if o.MaxCapacity != (units.Capacity{}) {
		s.MaxCapacity = o.MaxCapacity.Argument()
	}
	asked := o.Capacities
	if o.Rolling != nil {
		asked = slices.Concat(asked, o.Rolling.Capacities)
		s.Window = durationSetting(o.Rolling.Window)
	}
	for _, c := range asked {
		if text := c.Argument(); !slices.Contains(s.Capacities, text) {
			s.Capacities = append(s.Capacities, text)
		}
	}
	if g := o.Grid; g != nil && o.Cache.simulated() {
		s.Grid = &GridSetting{g.From.Argument(), g.To.Argument(), cmp.Or(g.Points, DefaultPoints), g.Linear}
	}
	s.addCounted(o)
	return s
}

// addCounted adds what is counted of tiers, TTLs and classes.
func (s *SummarySettings) addCounted(o *Options) {
	if o.Tiers != nil {
		s.Window = cmp.Or(s.Window, durationSetting(o.Tiers.Window))
		if o.Tiers.exclusive() {
			s.TierMode = o.Tiers.Mode.String()
		}
		for _, t := range o.Tiers.Tiers {
			s.Tiers = append(s.Tiers, TierSetting{t.Name, t.Capacity.Argument(), t.Bandwidth, t.WriteBandwidth, t.Endurance})
		}
	}
	if o.TTLs != nil {
		for _, ttl := range o.TTLs.TTLs {
			s.TTLs = append(s.TTLs, durationSetting(ttl))
		}
	}
	for _, d := range o.By {
		s.By = append(s.By, string(d))
	}
	if slices.Contains(o.By, ByHour) {
		s.TimeZone = o.zone().String()
	}
}

// Options returns options with these settings that ask for all that the summary counts. It fails if a setting cannot be read.
func (s *SummarySettings) Options() (*Options, error) {
	o := &Options{Filter: Filter{Model: s.Model}, IgnoreModel: s.IgnoreModel, BytesPerChunk: s.BytesPerChunk, Ranks: s.Ranks, Geometry: s.ModelConfig,
		Cache: Cache{Name: s.Cache, Admit: s.Admit}, Warmup: Warmup{Until: s.WarmupUntil}, LengthClasses: s.LengthClasses, Rolling: &RollingOptions{},
		Blocks: Blocks{Size: s.BlockSize, KeepTail: s.KeepTail}}
	var r settingsReader
	o.TouchOrder = read(&r, s.TouchOrder, ParseTouchOrder)
	if s.EvictTrigger != nil && s.EvictRatio != nil && s.EvictInterval != nil {
		o.Cache.Watermark = &sim.Watermark{Trigger: *s.EvictTrigger, Ratio: *s.EvictRatio, Interval: *s.EvictInterval}
	}
	o.Cache.StoreDelay = read(&r, s.StoreDelay, units.ParseDuration)
	o.Cache.TTL = read(&r, s.TTL, units.ParseDuration)
	o.MaxCapacity = read(&r, s.MaxCapacity, units.ParseCapacity)
	o.Warmup.Duration = read(&r, s.Warmup, units.ParseDuration)
	o.Capacities = readList(&r, s.Capacities, units.ParseCapacity)
	o.Rolling.Window = read(&r, s.Window, units.ParseDuration)
	o.By = readList(&r, s.By, ParseDimension)
	o.TimeZone = read(&r, s.TimeZone, ParseTimeZone)
	if len(s.Tiers) > 0 {
		o.Tiers = &TierOptions{Window: o.Rolling.Window, Mode: read(&r, s.TierMode, ParseTierMode)}
		for _, t := range s.Tiers {
			o.Tiers.Tiers = append(o.Tiers.Tiers, Tier{t.Name, read(&r, t.Capacity, units.ParseCapacity), t.Bandwidth, t.WriteBandwidth, t.Endurance})
		}
	}
	if len(s.TTLs) > 0 {
		o.TTLs = &TTLOptions{TTLs: readList(&r, s.TTLs, units.ParseDuration), Grid: true}
	}
	if g := s.Grid; g != nil {
		o.Grid = &GridOptions{From: read(&r, g.From, units.ParseCapacity), To: read(&r, g.To, units.ParseCapacity), Points: g.Points, Linear: g.Linear}
	}
	if r.err == nil {
		r.err = o.Check()
	}
	if r.err != nil {
		return nil, fmt.Errorf("settings of a summary: %w", r.err)
	}
	return o, nil
}

// settingsReader keeps the first error.
type settingsReader struct{ err error }

// read parses a setting; "" is the zero value.
func read[T any](r *settingsReader, text string, parse func(string) (T, error)) (v T) {
	if text == "" || r.err != nil {
		return v
	}
	v, r.err = parse(text)
	return v
}

func readList[T any](r *settingsReader, texts []string, parse func(string) (T, error)) (list []T) {
	for _, text := range texts {
		list = append(list, read(r, text, parse))
	}
	return list
}

// durationSetting returns a duration in the form of a setting.
func durationSetting(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return units.DurationArgument(d)
}
