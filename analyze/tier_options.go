package analyze

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// Tier is one level of a tiered cache.
type Tier struct {
	Name      string
	Capacity  units.Capacity
	Bandwidth int64 // read bandwidth in bytes per second; 0: unknown
	// WriteBandwidth is in bytes per second. 0: reads and writes share Bandwidth.
	WriteBandwidth int64
	Endurance      int64 // bytes that can be written before the tier is worn out; 0: unknown
}

// TierMode says where the tiers of a cache hold a chunk. The zero value is inclusive.
type TierMode uint8

const (
	// Inclusive tiers also hold what the tiers before them hold, as with write-through, so each behaves like a cache of its own
	// capacity. These rise.
	Inclusive TierMode = iota
	// Exclusive tiers hold each chunk once. A touch moves it to the first tier, and what a tier has no room for moves to the next one,
	// as a GPU offloads to its host.
	Exclusive
)

var tierModes = [...]string{"inclusive", "exclusive"}

// TierModes returns the names of all modes, the default first.
func TierModes() []string { return slices.Clone(tierModes[:]) }

func (m TierMode) String() string { return tierModes[m] }

// ParseTierMode parses the name of a mode.
func ParseTierMode(s string) (TierMode, error) {
	i := slices.Index(tierModes[:], s)
	if i < 0 {
		return 0, fmt.Errorf("tier mode %q: must be %s", s, strings.Join(tierModes[:], " or "))
	}
	return TierMode(i), nil
}

// TierOptions ask for what each tier serves.
type TierOptions struct {
	Tiers []Tier   // the fastest first
	Mode  TierMode // default: inclusive
	// Window is the length of a window, as in RollingOptions.
	Window time.Duration
}

// TierBandwidthOf is the bandwidth of the named tier.
type TierBandwidthOf struct {
	Name                string
	BytesPerSecond      int64 // for reads; shared by reads and writes if WriteBytesPerSecond is 0
	WriteBytesPerSecond int64
}

// TierEnduranceOf is how many bytes can be written to the named tier before it is worn out.
type TierEnduranceOf struct {
	Name  string
	Bytes int64
}

// ParseTier parses a name and a capacity, such as "dram=512GiB".
func ParseTier(s string) (Tier, error) {
	name, size, err := cutTier(s, "write gpu=40GiB,dram=512GiB")
	if err != nil {
		return Tier{}, err
	}
	c, err := units.ParseCapacity(size)
	return Tier{Name: name, Capacity: c}, err
}

// ParseTierBandwidth parses a bandwidth that reads and writes share, such as "dram=20GiB/s", or separate ones for reads and
// writes, such as "ssd=6GiB/s:3GiB/s".
func ParseTierBandwidth(s string) (TierBandwidthOf, error) {
	const form = "write dram=20GiB/s for reads and writes together, or ssd=6GiB/s:3GiB/s for each"
	name, speeds, err := cutTier(s, form)
	if err != nil {
		return TierBandwidthOf{}, err
	}
	b := TierBandwidthOf{Name: name}
	read, write, apart := strings.Cut(speeds, ":")
	switch {
	case strings.Contains(write, ":"):
		err = errors.New("more than two speeds")
	case apart && (strings.TrimSpace(read) == "" || strings.TrimSpace(write) == ""):
		err = errors.New("one of two speeds is missing")
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

// ParseTierEndurance parses a name and a size, such as "ssd=7PB".
func ParseTierEndurance(s string) (TierEnduranceOf, error) {
	const form = "write ssd=7PB, the total that can be written (TBW in data sheets)"
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
		return "", "", fmt.Errorf("tier %q: must be a name and a value; %s", s, form)
	}
	return name, rest, nil
}

// measured reports whether any tier has a bandwidth or an endurance.
func (o *TierOptions) measured() bool {
	return slices.ContainsFunc(o.Tiers, func(t Tier) bool { return t.Bandwidth > 0 || t.Endurance > 0 })
}

// check reports what is wrong with the tiers.
func (o *TierOptions) check() error {
	if len(o.Tiers) == 0 {
		return errors.New("there are no tiers")
	}
	for i, t := range o.Tiers {
		if t.Bandwidth < 0 || t.WriteBandwidth < 0 || t.Endurance < 0 {
			return fmt.Errorf("tier %s: bandwidth and endurance must not be negative", t.Name)
		}
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
		case o.Mode == Inclusive && t.Capacity.Limit() <= before.Capacity.Limit():
			return &TierOrderError{t, before}
		}
	}
	if o.Mode > Exclusive {
		return fmt.Errorf("tier mode %d: must be Inclusive or Exclusive", o.Mode)
	}
	if o.Mode == Exclusive && o.together() == (units.Capacity{}) {
		return errors.New("the tiers together are larger than 2^63")
	}
	return nil
}

// TierOrderError says that inclusive tiers do not rise in size.
type TierOrderError struct{ Tier, Before Tier }

func (e *TierOrderError) Error() string {
	return fmt.Sprintf("tier %s (%s) must be larger than %s (%s): tiers are given from the smallest to the largest, and each also holds what the ones before it hold",
		e.Tier.Name, e.Tier.Capacity, e.Before.Name, e.Before.Capacity)
}

// exclusive reports whether there are tiers that hold each chunk once.
func (o *TierOptions) exclusive() bool { return o != nil && o.Mode == Exclusive }

// together returns the capacity of exclusive tiers together; zero if it exceeds an int64.
func (o *TierOptions) together() units.Capacity {
	sum := units.Capacity{Unit: o.Tiers[0].Capacity.Unit}
	for _, t := range o.Tiers {
		switch {
		case t.Capacity.Unit == units.Unlimited:
			return t.Capacity
		case t.Capacity.N > math.MaxInt64-1-sum.N:
			return units.Capacity{}
		}
		sum.N += t.Capacity.N
	}
	return sum
}

// newExclusive returns empty exclusive tiers.
func (o *TierOptions) newExclusive() *sim.Exclusive {
	var limits []int64
	for _, t := range o.Tiers {
		limits = append(limits, t.Capacity.Limit())
	}
	if o.Tiers[0].Capacity.Unit == units.Bytes {
		return sim.NewExclusiveInBytes(limits)
	}
	return sim.NewExclusive(limits)
}
