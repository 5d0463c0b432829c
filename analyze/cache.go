package analyze

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"hashlog/analyze/units"
	"hashlog/sim"
	"hashlog/sim/option"
	"hashlog/sim/policy"
)

// Cache says how the cache differs from the model, a plain LRU that stores at once and never expires a chunk. The zero
// value is the model.
type Cache struct {
	// Name is the name of the preset, for the report. Default: "lru".
	Name string
	// Watermark makes the cache evict in batches. Its figures are then known only at listed capacities, and its hit rate
	// may fall as the capacity grows, so targets need a grid and tiers are not available. Default nil: the least recently
	// used chunk is evicted when there is no room.
	Watermark *sim.Watermark
	// Policy makes it another cache than an LRU: that of a server which evicts by its own rules. Its figures are known only at listed
	// capacities, and Options.Capacities and RollingOptions.Capacities list them. Default nil.
	Policy *policy.Spec
	// StoreDelay is the time from a lookup until its touches take effect. Default 0.
	StoreDelay time.Duration
	// TTL is how long a chunk stays after its last touch. Default 0: forever.
	TTL time.Duration
	// Admit is the number of the lookup from which on a chunk is stored and refreshed, at most MaxAdmit. A request counts
	// once, wherever in it the chunk is; those of the warm-up count too, those that are filtered out don't. Whether a
	// request's chunks are stored is decided at its lookup, whatever the store delay. Default 0: same as 1, but the report
	// has no MissTokens.NotAdmitted.
	Admit int
}

// MaxAdmit is the largest value of Cache.Admit.
const MaxAdmit = sim.MaxAdmission

// Preset is a named cache configuration, such as that of a real server.
type Preset struct {
	Name       string
	About      string
	TouchOrder *sim.Order     // nil: any
	Watermark  *sim.Watermark // nil: the least recently used chunk is evicted when there is no room
	Policy     *policy.Spec   // nil: it is an LRU
	Source     string         // of the numbers, and the version that they are of
	Date       string         // when the source was read
}

// presets lists all presets, the default first.
var presets = append([]Preset{
	{
		Name:   "lru",
		About:  "plain LRU: evicts the least recently used chunk when there is no room",
		Source: "the model; what LMCache's own simulator does",
		Date:   "2026-11-24",
	},
	{
		Name:       "lmcache-server",
		About:      "LMCache's multiprocess server with its LRU policy: evicts in batches above a watermark",
		TouchOrder: &[]sim.Order{sim.TailFirst}[0],
		Watermark:  &sim.Watermark{Trigger: 0.8, Ratio: 0.2},
		Source:     "LMCache's documentation, mp/configuration: --eviction-policy LRU, --eviction-trigger-watermark 0.8, --eviction-ratio 0.2",
		Date:       "2026-11-24",
	},
	{
		Name:       "vllm",
		About:      "vLLM's pool of GPU blocks: evicts the least recently used block, of those of a request the last",
		TouchOrder: &[]sim.Order{sim.TailFirst}[0],
		Policy:     &policy.Spec{Name: "radix"},
		Source:     "vLLM, commits 003df29 and c59cb79 of 2026: v1/core/kv_cache_manager.py, v1/core/block_pool.py",
		Date:       "2026-11-28",
	},
}, serverPresets("redis", "valkey", "redis-lfu", "memcached", "memcached-flat")...)

// serverPresets returns presets of caches that package policy models after a server, by their names there.
func serverPresets(names ...string) (list []Preset) {
	for _, name := range names {
		spec := policy.Spec{Name: name}
		about := policy.AboutOf(spec)
		list = append(list, Preset{Name: name, About: about.Text, Policy: &spec, Source: about.Source, Date: "2026-11-28"})
	}
	return list
}

// Presets returns all presets, the default first.
func Presets() []Preset { return append([]Preset{}, presets...) }

// formerName is a former name of the plain LRU.
const formerName = "ideal"

// FindPreset returns the preset with the given name. The error is an [*UnknownPresetError], unless the name is a former
// one.
func FindPreset(name string) (Preset, error) {
	if name == formerName {
		return Preset{}, fmt.Errorf("cache %q: is now called %s", name, presets[0].Name)
	}
	var names []string
	for _, p := range presets {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, &UnknownPresetError{name, names}
}

// ParsePreset parses the name of a preset, perhaps with options: "lmcache-server", "lmcache-server:trigger=0.9:ratio=0.1". The preset has
// them. The error is that of [FindPreset], an [*option.NameError] or an [*option.ValueError].
func ParsePreset(s string) (Preset, error) {
	name, options, more := strings.Cut(s, ":")
	p, err := FindPreset(name)
	if err != nil || !more {
		return p, err
	}
	return p.With(options)
}

// With returns the preset with options, written "trigger=0.9:ratio=0.1".
func (p Preset) With(options string) (Preset, error) {
	spec, err := p.spec().With(options)
	switch e := err.(type) { // the cache goes by the name of the preset
	case *option.NameError:
		e.Of.Name = p.Name
	case *option.ValueError:
		e.Of.Name = p.Name
	}
	switch {
	case err != nil:
	case p.Watermark != nil:
		own := *p.Watermark
		own.Trigger, own.Ratio = spec.Option(policy.OptTrigger), spec.Option(policy.OptRatio)
		p.Watermark = &own
	default:
		p.Policy = &spec
	}
	return p, err
}

// spec returns the cache of a preset as package policy replays it.
func (p *Preset) spec() policy.Spec {
	switch {
	case p.Policy != nil:
		return *p.Policy
	case p.Watermark != nil:
		return policy.Batched(*p.Watermark)
	}
	return policy.LRU()
}

// UnknownPresetError says that no preset has the given name.
type UnknownPresetError struct {
	Name  string
	Known []string // names of all presets
}

func (e *UnknownPresetError) Error() string {
	last := len(e.Known) - 1
	return fmt.Sprintf("cache %q: must be %s or %s", e.Name, strings.Join(e.Known[:last], ", "), e.Known[last])
}

// check reports values out of range.
func (c *Cache) check() error {
	switch {
	case c.StoreDelay < 0:
		return fmt.Errorf("store delay %s: must not be negative", units.FormatDuration(c.StoreDelay))
	case c.TTL < 0:
		return fmt.Errorf("TTL %s: must not be negative", units.FormatDuration(c.TTL))
	case c.Admit < 0 || c.Admit > MaxAdmit:
		return fmt.Errorf("admission from lookup %d on: must be from 1 to %d", c.Admit, MaxAdmit)
	case c.Watermark != nil && c.Policy != nil:
		return errors.New("a cache that evicts in batches has no other policy")
	case c.Watermark != nil && math.IsInf(c.Watermark.Interval, 1):
		return errors.New("evictions at most every +Inf s: the time must be finite")
	case c.Watermark != nil:
		return c.Watermark.Check()
	}
	return nil
}

// simulated reports whether figures come from caches that are simulated at listed capacities, and not from a curve.
func (c *Cache) simulated() bool { return c.Watermark != nil || c.Policy != nil }

// name returns the cache's name for the report, with the options of its policy that differ from the default.
func (c *Cache) name() string {
	name := c.Name
	if name == "" {
		name = presets[0].Name
	}
	if c.Policy != nil {
		return name + strings.TrimPrefix(c.Policy.String(), c.Policy.Name)
	}
	return name
}

// about says what a cache with a policy of its own is: what its preset says, if it is that of one.
func (c *Cache) about() string {
	if p, err := FindPreset(c.Name); err == nil {
		return p.About
	}
	return policy.AboutOf(*c.Policy).Text
}

// words says in a few words when chunks are evicted; "" if it takes a sentence.
func (c *Cache) words(order sim.Order) string {
	if c.simulated() {
		return ""
	}
	return "plain LRU, " + OrderName(order) + " first"
}

// text says in a sentence when chunks are evicted.
func (c *Cache) text(order sim.Order) string {
	first := OrderName(order) + " of a request touched first"
	if c.Policy != nil {
		return fmt.Sprintf("The cache is %s (%s), %s.", c.name(), c.about(), first)
	}
	w := c.Watermark
	if w == nil {
		return fmt.Sprintf("Plain LRU, %s.", first)
	}
	every := ""
	if w.Interval > 0 {
		every = fmt.Sprintf(", at most once in %s", units.FormatSeconds(w.Interval))
	}
	return fmt.Sprintf("LRU that evicts in batches (%s), %s: after a request that leaves at least %.6g %% of the capacity in use, the least recently used %.6g %% of the resident chunks are evicted%s.",
		c.name(), first, 100*w.Trigger, 100*w.Ratio, every)
}

// whenStoredWords says in a few words from when on a chunk counts as cached; "" if it takes a sentence.
func (c *Cache) whenStoredWords() string {
	if c.StoreDelay > 0 || c.TTL > 0 || c.Admit > 1 {
		return ""
	}
	return "cached from lookup on"
}

// whenStored says in up to three sentences during which time a chunk counts as cached.
func (c *Cache) whenStored() string {
	text := "Chunks count as cached from their lookup on; a real server stores them after prefill."
	if c.StoreDelay > 0 {
		text = fmt.Sprintf("Chunks are stored or refreshed %s after their lookup, in the same order as without a delay; chunk hit rate and evictions are those of these touches.",
			units.FormatDuration(c.StoreDelay))
	}
	if c.Admit > 1 {
		text += fmt.Sprintf(" They are admitted at lookup number %d, counted once a request: earlier lookups of a chunk store nothing.", c.Admit)
	}
	if c.TTL > 0 {
		text += fmt.Sprintf(" They expire %s after their last touch, which counts as an eviction.", units.FormatDuration(c.TTL))
	}
	return text
}
