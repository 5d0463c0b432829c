package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"hashlog/analyze"
)

// tierFlags are those of commands that tell what each tier of a cache serves.
type tierFlags struct {
	tiers      []analyze.Tier
	bandwidths []analyze.TierBandwidthOf
}

func (t *tierFlags) add(flags *pflag.FlagSet) {
	flags.Var(listed("NAME=SIZE[,...]", &t.tiers, analyze.ParseTier), "tiers", "tiers of a cache, from the smallest on: what does each serve (gpu=40GiB,dram=512GiB)")
	flags.Var(listed("NAME=SIZE/s[,...]", &t.bandwidths, analyze.ParseTierBandwidth), "tier-bandwidth", "how fast tiers can be read (dram=20GiB/s), to compare with what is asked of them")
	cacheGroup.put(flags, "--tiers gpu=40GiB,dram=512GiB,ssd=4TiB", "--tier-bandwidth dram=20GiB/s,ssd=6GiB/s")
}

// apply sets the options of the tiers, nil if there are none, whose windows are to be of the length of others.
func (t *tierFlags) apply(o *analyze.Options) error {
	if len(t.tiers) == 0 {
		if len(t.bandwidths) > 0 {
			return usageError{errors.New("--tier-bandwidth says how fast a tier of --tiers is, which is missing")}
		}
		return nil
	}
	tiers := slices.Clone(t.tiers)
	for _, b := range t.bandwidths {
		i := slices.IndexFunc(tiers, func(t analyze.Tier) bool { return t.Name == b.Name })
		switch {
		case i < 0:
			return usageError{fmt.Errorf("--tier-bandwidth %s: there is no such tier; --tiers has %s", b.Name, tierNames(tiers))}
		case tiers[i].Bandwidth > 0:
			return usageError{fmt.Errorf("--tier-bandwidth %s is given twice", b.Name)}
		}
		tiers[i].Bandwidth = b.BytesPerSecond
	}
	o.Tiers = &analyze.TierOptions{Tiers: tiers}
	return nil
}

func tierNames(tiers []analyze.Tier) string {
	var names []string
	for _, t := range tiers {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}
