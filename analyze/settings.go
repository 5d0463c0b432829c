package analyze

import (
	"fmt"

	"hashlog/analyze/geometry"
	"hashlog/sim"
)

// Settings are the options that a replay went by; nil is an option that was not given.
type Settings struct {
	TouchOrder    string   `json:"touch_order"`
	Cache         string   `json:"cache"`
	EvictTrigger  *float64 `json:"evict_trigger"`          // part of the capacity
	EvictRatio    *float64 `json:"evict_ratio"`            // part of the resident chunks
	EvictInterval *float64 `json:"evict_interval_seconds"` // between two batches at least
	StoreDelay    float64  `json:"store_delay_seconds"`
	TTL           *float64 `json:"ttl_seconds"`
	IgnoreModel   bool     `json:"ignore_model"`
	Model         *string  `json:"model"`
	Since         *float64 `json:"since"` // seconds since the Unix epoch
	Until         *float64 `json:"until"`
	MaxRequests   *int64   `json:"max_requests"`
	Warmup        *string  `json:"warmup"`
	BytesPerChunk *int64   `json:"bytes_per_chunk"`
	Ranks         int64    `json:"ranks"`
	Strict        bool     `json:"strict"`

	ModelConfig *geometry.Geometry `json:"model_config"`
}

func (o *Options) settings() Settings {
	s := Settings{TouchOrder: OrderName(o.TouchOrder), Cache: o.Cache.name(), StoreDelay: o.Cache.StoreDelay.Seconds(), IgnoreModel: o.IgnoreModel, Model: o.Model, Since: o.Since, Until: o.Until,
		MaxRequests: known(o.MaxRequests), BytesPerChunk: known(o.BytesPerChunk), Ranks: max(o.Ranks, 1), Strict: o.Strict, ModelConfig: o.Geometry}
	if w := o.Cache.Watermark; w != nil {
		s.EvictTrigger, s.EvictRatio, s.EvictInterval = &w.Trigger, &w.Ratio, &w.Interval
	}
	if ttl := o.Cache.TTL.Seconds(); ttl > 0 {
		s.TTL = &ttl
	}
	if o.Warmup != (Warmup{}) {
		text := o.Warmup.String()
		s.Warmup = &text
	}
	return s
}

// OrderName returns the name that ParseTouchOrder reads.
func OrderName(o sim.Order) string {
	if o == sim.TailFirst {
		return "tail"
	}
	return "head"
}

// ParseTouchOrder reads "head" or "tail".
func ParseTouchOrder(s string) (sim.Order, error) {
	for _, o := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		if s == OrderName(o) {
			return o, nil
		}
	}
	return 0, fmt.Errorf("touch order %q: is neither head nor tail", s)
}
