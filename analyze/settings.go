package analyze

import "slices"

func (o *Options) settings() Settings {
	s := Settings{TouchOrder: OrderName(o.TouchOrder), Cache: o.Cache.name(), StoreDelay: o.Cache.StoreDelay.Seconds(), IgnoreModel: o.IgnoreModel, Model: o.Model, Since: o.Since, Until: o.Until,
		MaxRequests: known(o.MaxRequests), BytesPerChunk: known(o.BytesPerChunk), Ranks: max(o.Ranks, 1), Strict: o.Strict, ModelConfig: o.Geometry}
	if w := o.Cache.Watermark; w != nil {
		s.EvictTrigger, s.EvictRatio, s.EvictInterval = &w.Trigger, &w.Ratio, &w.Interval
	}
	if ttl := o.Cache.TTL.Seconds(); ttl > 0 {
		s.TTL = &ttl
	}
	if o.Cache.Admit > 0 {
		s.Admit = &o.Cache.Admit
	}
	if o.TTLs != nil {
		for _, ttl := range o.TTLs.TTLs {
			s.TTLs = append(s.TTLs, ttl.Seconds())
		}
	}
	if o.Warmup != (Warmup{}) {
		text := o.Warmup.String()
		s.Warmup = &text
	}
	s.LengthClasses = o.LengthClasses
	if slices.Contains(o.By, ByHour) {
		name := o.zone().String()
		s.TimeZone = &name
	}
	if o.Rechunk > 0 {
		s.Rechunk = &o.Rechunk
	}
	s.MatchUnit = o.MatchUnit.setting()
	if o.bounded() {
		text := o.MaxCapacity.Label()
		s.MaxCapacity = &text
	}
	if o.Tiers != nil {
		name := o.Tiers.Mode.String()
		s.TierMode = &name
	}
	return s
}
