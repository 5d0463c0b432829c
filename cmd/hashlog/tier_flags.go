package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"hashlog/analyze"
)

// tierFlags are the flags that describe the tiers of a cache.
type tierFlags struct {
	tiers      []analyze.Tier
	bandwidths []analyze.TierBandwidthOf
	endurances []analyze.TierEnduranceOf
	mode       *analyze.TierMode
}

func (t *tierFlags) add(flags *pflag.FlagSet) {
	flags.Var(listed("NAME=SIZE[,...]", &t.tiers, analyze.ParseTier), "tiers", "report what each tier of a cache serves; fastest first (gpu=40GiB,dram=512GiB)")
	flags.Var(parsed("inclusive|exclusive", analyze.Inclusive.String(), &t.mode, optional(analyze.ParseTierMode)).among(analyze.TierModes()...), "tier-mode", "whether tiers also hold what the tiers before them hold, or each chunk is in one")
	flags.Var(listed("NAME=SIZE/s[,...]", &t.bandwidths, analyze.ParseTierBandwidth), "tier-bandwidth", "bandwidth of tiers, for reads and writes together (dram=20GiB/s) or for each (ssd=6GiB/s:3GiB/s)")
	flags.Var(listed("NAME=SIZE[,...]", &t.endurances, analyze.ParseTierEndurance), "tier-endurance", "bytes that can be written to tiers before they wear out (ssd=7PB, a data sheet's TBW)")
	cacheGroup.put(flags, "--tiers gpu=40GiB,dram=512GiB,ssd=4TiB", "--tier-mode exclusive", "--tier-bandwidth dram=20GiB/s,ssd=6GiB/s:3GiB/s", "--tier-endurance ssd=7PB")
}

// apply sets the options of the tiers, except for the length of their windows.
func (t *tierFlags) apply(o *analyze.Options) error {
	if len(t.tiers) == 0 {
		switch {
		case t.mode != nil:
			return usageError{errors.New("--tier-mode needs --tiers")}
		case len(t.bandwidths) > 0:
			return usageError{errors.New("--tier-bandwidth needs --tiers")}
		case len(t.endurances) > 0:
			return usageError{errors.New("--tier-endurance needs --tiers")}
		}
		return nil
	}
	tiers := slices.Clone(t.tiers)
	for _, b := range t.bandwidths {
		tier, err := findTier(tiers, "--tier-bandwidth", b.Name, func(t *analyze.Tier) bool { return t.Bandwidth > 0 })
		if err != nil {
			return err
		}
		tier.Bandwidth, tier.WriteBandwidth = b.BytesPerSecond, b.WriteBytesPerSecond
	}
	for _, e := range t.endurances {
		tier, err := findTier(tiers, "--tier-endurance", e.Name, func(t *analyze.Tier) bool { return t.Endurance > 0 })
		if err != nil {
			return err
		}
		tier.Endurance = e.Bytes
	}
	o.Tiers = &analyze.TierOptions{Tiers: tiers}
	if t.mode != nil {
		o.Tiers.Mode = *t.mode
	}
	return nil
}

// findTier returns the tier that a flag names. said reports whether the flag has named it before, which is an error.
func findTier(tiers []analyze.Tier, flag, name string, said func(*analyze.Tier) bool) (*analyze.Tier, error) {
	i := slices.IndexFunc(tiers, func(t analyze.Tier) bool { return t.Name == name })
	switch {
	case i < 0:
		return nil, usageError{fmt.Errorf("%s %s: there is no such tier; --tiers has %s", flag, name, tierNames(tiers))}
	case said(&tiers[i]):
		return nil, usageError{fmt.Errorf("%s %s is given twice", flag, name)}
	}
	return &tiers[i], nil
}

func tierNames(tiers []analyze.Tier) string {
	var names []string
	for _, t := range tiers {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}
