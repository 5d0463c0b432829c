package analyze

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hashlog/analyze/units"
)

// Setting is a setting of a summary in words.
type Setting struct {
	Name  string // such as "touch order"
	Value string // such as "head"; "" if it was not given
}

// List returns all settings, those that were not given too.
func (s *SummarySettings) List() []Setting {
	return []Setting{
		{"touch order", s.TouchOrder},
		{"models", map[bool]string{false: "kept apart", true: "ignored"}[s.IgnoreModel]},
		{"model", orNothing(s.Model, strconv.Quote)},
		{"bytes per chunk", wordsUnlessZero(s.BytesPerChunk)},
		{"ranks", strconv.FormatInt(s.Ranks, 10)},
		{"model config", s.geometryText()},
		{"cache", s.cacheText()},
		{"store delay", s.StoreDelay},
		{"TTL", s.TTL},
		{"admission", wordsUnlessZero(int64(s.Admit))},
		{"largest capacity", s.MaxCapacity},
		{"warm-up", s.Warmup + orNothing(s.WarmupUntil, units.TimeArgument)},
		{"capacities", strings.Join(s.Capacities, ", ")},
		{"window", s.Window},
		{"tiers", s.tiersText()},
		{"several TTLs", strings.Join(s.TTLs, ", ")},
		{"classes", strings.Join(s.By, ", ")},
		{"length classes", strings.Trim(strings.Join(strings.Fields(fmt.Sprint(s.LengthClasses)), ", "), "[]")},
		{"time zone", s.TimeZone},
		{"grid", s.gridText()},
		{"block size", wordsUnlessZero(s.BlockSize)},
		{"partial blocks", map[bool]string{true: "kept"}[s.KeepTail]},
	}
}

func (s *SummarySettings) gridText() string {
	g := s.Grid
	if g == nil {
		return ""
	}
	return fmt.Sprintf("%s to %s, %d points%s", g.From, g.To, g.Points, map[bool]string{true: ", linear"}[g.Linear])
}

func orNothing[T any](v *T, words func(T) string) string {
	if v == nil {
		return ""
	}
	return words(*v)
}

func wordsUnlessZero(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// geometryText is the formula of a model's bytes, without the name of the file, which may differ from machine to machine.
func (s *SummarySettings) geometryText() string {
	g := s.ModelConfig
	if g == nil {
		return ""
	}
	return fmt.Sprintf("%s, %d ranks, %s: %s", g.Architecture, g.Ranks, g.KVDType, g.Formula)
}

// cacheText is the name of the cache with its numbers.
func (s *SummarySettings) cacheText() string {
	if s.EvictTrigger == nil || s.EvictRatio == nil || s.EvictInterval == nil {
		return s.Cache
	}
	return fmt.Sprintf("%s (trigger %g, ratio %g, interval %g s)", s.Cache, *s.EvictTrigger, *s.EvictRatio, *s.EvictInterval)
}

func (s *SummarySettings) tiersText() string {
	var list []string
	for _, t := range s.Tiers {
		text := t.Name + "=" + t.Capacity
		if t.Bandwidth > 0 {
			text += fmt.Sprintf(" (%d B/s", t.Bandwidth)
			if t.WriteBandwidth > 0 {
				text += fmt.Sprintf(", writes %d B/s", t.WriteBandwidth)
			}
			text += ")"
		}
		if t.Endurance > 0 {
			text += fmt.Sprintf(" (endurance %d B)", t.Endurance)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ") + wordsOfMode(s.TierMode)
}

// wordsOfMode returns the mode of tiers, unless it is the default.
func wordsOfMode(mode string) string {
	if mode == "" {
		return ""
	}
	return ", " + mode
}

// SettingsError says that two summaries differ in a setting, so that their counts cannot be joined.
type SettingsError struct {
	Setting     string // its name
	This, Other string // its values; "" if it was not given
}

func (e *SettingsError) Error() string {
	return fmt.Sprintf("they differ in a setting: %s is %s, and %s", e.Setting, cmp.Or(e.This, "not given"), cmp.Or(e.Other, "not given"))
}

// Differ returns a [*SettingsError] about the first setting in which two summaries differ, nil if there is none. Capacities and classes may
// be in another order.
func (s *SummarySettings) Differ(other *SummarySettings) error {
	mine, theirs := s.sorted().List(), other.sorted().List()
	for i, a := range mine {
		if b := theirs[i]; a != b {
			return &SettingsError{a.Name, a.Value, b.Value}
		}
	}
	return nil
}

// sorted returns the settings with lists in order of which the order is of no account.
func (s *SummarySettings) sorted() *SummarySettings {
	out := *s
	for _, list := range []*[]string{&out.Capacities, &out.TTLs, &out.By} {
		*list = slices.Sorted(slices.Values(*list))
	}
	return &out
}
