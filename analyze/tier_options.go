package analyze

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hashlog/analyze/units"
	"hashlog/log"
)

// Tier is a part of a cache with levels, the fastest first. Tiers are inclusive: each also holds what the ones before it
// hold, as with write-through, so its capacity is that of a cache by itself.
type Tier struct {
	Name      string
	Capacity  units.Capacity
	Bandwidth int64 // bytes a second that can be read from it; 0 is unknown
	// WriteBandwidth is how many bytes a second can be written to it. 0: Bandwidth is for reads and writes together.
	WriteBandwidth int64
	Endurance      int64 // bytes that can be written to it before it is worn out; 0 is unknown
}

// TierOptions ask for what each tier serves.
type TierOptions struct {
	Tiers []Tier // of rising capacity
	// Window is the length of a window, as in RollingOptions.
	Window time.Duration
}

// TierBandwidthOf is how fast the tier of a name can be read and written.
type TierBandwidthOf struct {
	Name                string
	BytesPerSecond      int64 // that can be read from it; where the other is 0, read and written together
	WriteBytesPerSecond int64
}

// TierEnduranceOf is how much can be written to the tier of a name before it is worn out.
type TierEnduranceOf struct {
	Name  string
	Bytes int64
}

// ParseTier reads "dram=512GiB".
func ParseTier(s string) (Tier, error) {
	name, size, err := cutTier(s, "tiers are gpu=40GiB,dram=512GiB")
	if err != nil {
		return Tier{}, err
	}
	c, err := units.ParseCapacity(size)
	return Tier{Name: name, Capacity: c}, err
}

// ParseTierBandwidth reads "dram=20GiB/s", for reads and writes together, or "ssd=6GiB/s:3GiB/s", for the one and the other.
func ParseTierBandwidth(s string) (TierBandwidthOf, error) {
	const form = "a bandwidth is dram=20GiB/s, for reading and writing together, or ssd=6GiB/s:3GiB/s, for the one and the other"
	name, speeds, err := cutTier(s, form)
	if err != nil {
		return TierBandwidthOf{}, err
	}
	b := TierBandwidthOf{Name: name}
	read, write, apart := strings.Cut(speeds, ":")
	switch {
	case strings.Contains(write, ":"):
		err = errors.New("has more than two speeds")
	case apart && (strings.TrimSpace(read) == "" || strings.TrimSpace(write) == ""):
		err = errors.New("has one of two speeds")
	default:
		b.BytesPerSecond, err = units.ParseBandwidth(read)
	}
	if err == nil && apart {
		b.WriteBytesPerSecond, err = units.ParseBandwidth(write)
	}
	if err != nil {
		return TierBandwidthOf{}, fmt.Errorf("tier %q: %w; %s", s, err, form)
	}
	return b, nil
}

// ParseTierEndurance reads "ssd=7PB".
func ParseTierEndurance(s string) (TierEnduranceOf, error) {
	const form = "an endurance is ssd=7PB: what can be written in all (a data sheet's TBW)"
	name, size, err := cutTier(s, form)
	if err != nil {
		return TierEnduranceOf{}, err
	}
	n, err := units.ParseDeviceBytes(size)
	if err != nil {
		return TierEnduranceOf{}, fmt.Errorf("tier %q: %w; %s", s, err, form)
	}
	return TierEnduranceOf{name, n}, nil
}

// cutTier cuts a tier's name off.
func cutTier(s, form string) (name, rest string, err error) {
	name, rest, ok := strings.Cut(s, "=")
	name = strings.TrimSpace(name)
	if !ok || log.Quoted(name) != name {
		return "", "", fmt.Errorf("tier %q: is not a name and a size; %s", s, form)
	}
	return name, rest, nil
}

// measured reports whether it is asked how fast a tier is, or how long it lasts.
func (o *TierOptions) measured() bool {
	return slices.ContainsFunc(o.Tiers, func(t Tier) bool { return t.Bandwidth > 0 || t.Endurance > 0 })
}

// check finds what is wrong with the tiers as a whole.
func (o *TierOptions) check() error {
	if len(o.Tiers) == 0 {
		return errors.New("there are no tiers")
	}
	for i, t := range o.Tiers {
		if slices.ContainsFunc(o.Tiers[:i], func(u Tier) bool { return u.Name == t.Name }) {
			return fmt.Errorf("tier %s is given twice", t.Name)
		}
		if i == 0 {
			continue
		}
		switch before := o.Tiers[i-1]; {
		case before.Capacity.Unit == units.Unlimited:
			return fmt.Errorf("tier %s comes after an unlimited one: only the last can be that", t.Name)
		case t.Capacity.Unit != units.Unlimited && t.Capacity.Unit != before.Capacity.Unit:
			return errors.New("the sizes of tiers must all be in bytes, or all in chunks")
		case t.Capacity.Limit() <= before.Capacity.Limit():
			return fmt.Errorf("tier %s (%s) must be larger than %s (%s): tiers are given from the smallest to the largest, and each also holds what the ones before it hold",
				t.Name, t.Capacity, before.Name, before.Capacity)
		}
	}
	return nil
}
