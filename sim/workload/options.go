package workload

import (
	"fmt"
	"slices"
	"time"
)

// Options say what traffic to make up. Requests or Duration must be given, or both. A field that is zero has its default.
type Options struct {
	Seed     uint64        // of the random numbers
	Requests int64         // number of requests; default: those that fall into Duration
	Duration time.Duration // of the traffic, in its own time; default: until there are Requests
	Start    time.Time     // of the traffic, from 1971 to 2200; default 2024-01-01T00:00:00Z

	Rate  float64 // requests per second on average, from 1e-6 to 1e6; default 5
	Daily bool    // make the rate follow the hours of the day (UTC): low at night, Rate on average over 24 hours

	Users  int     // number of users, some of whom ask far more often than others, up to 100,000,000; default 1,000
	Models []Model // default [DefaultModels]

	// Reuse is roughly the share of all chunks that have been looked up before, which an unlimited cache would hit. It
	// determines Turns, SystemTokens and TurnTokens, as far as they are not given. Up to 0.99; default 0.85. If it is
	// negative, no two requests share a chunk, unless Turns or SystemTokens are given.
	Reuse float64

	Turns         float64 // prompts of a conversation on average, from 1 to 1e6; default follows from Reuse
	SystemPrompts int     // number of system prompts, up to 1,000,000; default 16, negative means none
	SystemTokens  int     // length of a system prompt on average, up to half of MaxTokens; default follows from Reuse; unused without system prompts
	TurnTokens    int     // tokens that a turn adds on average, in question and answer, up to MaxTokens; default 800, less if Reuse is high
	MaxTokens     int     // length of the longest prompt, from two chunks to 2^30; default 131,072

	ChunkSize int // tokens of a chunk, up to 2^30; default 256
	HashBytes int // length of a hash, 8 or 32; default 32
}

// FieldError reports a field of [Options] that is out of range.
type FieldError struct {
	Field  string // name of the field
	Reason string
}

func (e *FieldError) Error() string { return fmt.Sprintf("workload: %s: %s", e.Field, e.Reason) }

func wrong(field, format string, args ...any) error {
	return &FieldError{field, fmt.Sprintf(format, args...)}
}

// The limits keep figures and memory in bounds.
const (
	minRate, maxRate = 1e-6, 1e6
	maxReuse         = 0.99
	maxTurns         = 1e6
	maxUsers         = 100_000_000
	maxPrompts       = 1_000_000
	maxTokens        = 1 << 30
)

var (
	defaultStart = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	firstStart   = time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC)
	lastEnd      = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// complete returns o with defaults filled in, or a FieldError.
func (o Options) complete() (Options, error) {
	setDefault(&o.Start, defaultStart)
	setDefault(&o.Rate, 5)
	setDefault(&o.Users, 1000)
	setDefault(&o.Reuse, 0.85)
	setDefault(&o.MaxTokens, 131_072)
	setDefault(&o.ChunkSize, 256)
	setDefault(&o.HashBytes, 32)
	if len(o.Models) == 0 {
		o.Models = DefaultModels()
	}
	for _, check := range []func() error{o.checkTime, o.checkPeople, o.checkTokens} {
		if err := check(); err != nil {
			return o, err
		}
	}
	o.followReuse()
	if mean := o.meanTokens(); 4*mean < float64(o.ChunkSize) {
		return o, wrong("ChunkSize", "prompts hardly ever fill %d tokens: they have %.0f on average", o.ChunkSize, mean)
	}
	o.Models = slices.Clone(o.Models)
	for i, m := range o.Models {
		o.Models[i] = m.complete(int64(o.ChunkSize))
	}
	return o, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func (o *Options) checkTime() error {
	switch {
	case o.Requests < 0:
		return wrong("Requests", "must not be negative, is %d", o.Requests)
	case o.Duration < 0:
		return wrong("Duration", "must not be negative, is %v", o.Duration)
	case o.Requests == 0 && o.Duration == 0:
		return wrong("Requests", "neither a number of requests nor a duration is given")
	case !(o.Rate >= minRate && o.Rate <= maxRate):
		return wrong("Rate", "must be from %g to %g a second, is %g", minRate, maxRate, o.Rate)
	case o.Start.Before(firstStart) || o.Start.After(lastEnd):
		return wrong("Start", "must be from 1971 to 2200, is %s", o.Start.Format(time.RFC3339))
	}
	room := lastEnd.Unix() - o.Start.Unix()
	if o.Duration > 0 && o.Duration/time.Second < time.Duration(room) {
		return nil
	}
	if o.Requests == 0 || float64(o.Requests)/o.Rate > float64(room) {
		return wrong("Start", "the last request must be before 2200")
	}
	return nil
}

func (o *Options) checkPeople() error {
	switch {
	case o.Users < 0 || o.Users > maxUsers:
		return wrong("Users", "must be from 1 to %d, is %d", maxUsers, o.Users)
	case o.SystemPrompts > maxPrompts:
		return wrong("SystemPrompts", "must be %d at most, is %d", maxPrompts, o.SystemPrompts)
	case o.Turns != 0 && !(o.Turns >= 1 && o.Turns <= maxTurns):
		return wrong("Turns", "must be from 1 to %g, is %g", maxTurns, o.Turns)
	case !(o.Reuse <= maxReuse):
		return wrong("Reuse", "must be %g at most, is %g", maxReuse, o.Reuse)
	}
	if err := checkModels(o.Models); err != nil {
		return wrong("Models", "%v", err)
	}
	return nil
}

func (o *Options) checkTokens() error {
	switch {
	case o.ChunkSize < 1 || o.ChunkSize > maxTokens:
		return wrong("ChunkSize", "must be from 1 to %d tokens, is %d", maxTokens, o.ChunkSize)
	case o.MaxTokens < 2*o.ChunkSize || o.MaxTokens > maxTokens:
		return wrong("MaxTokens", "must be from two chunks (%d) to %d tokens, is %d", 2*o.ChunkSize, maxTokens, o.MaxTokens)
	case o.SystemTokens < 0 || o.SystemTokens > o.MaxTokens/2:
		return wrong("SystemTokens", "must be from 0 to %d, half the longest prompt, is %d", o.MaxTokens/2, o.SystemTokens)
	case o.TurnTokens < 0 || o.TurnTokens > o.MaxTokens:
		return wrong("TurnTokens", "must be from 0 to %d, the longest prompt, is %d", o.MaxTokens, o.TurnTokens)
	case o.HashBytes != 8 && o.HashBytes != 32:
		return wrong("HashBytes", "must be 8 or 32, is %d", o.HashBytes)
	}
	return nil
}

// meanTokens returns the length of a prompt on average. Lengths are roughly exponential, so one in fifty is four times as
// long.
func (o *Options) meanTokens() float64 {
	return float64(float64(o.TurnTokens)*o.Turns) + float64(o.SystemTokens)
}

// followReuse derives the turns and lengths that are not given from the share of reuse; see the package comment. A product
// that something is added to is converted first, so that every machine rounds it.
func (o *Options) followReuse() {
	x := 1 / (1 - max(o.Reuse, 0))
	setDefault(&o.TurnTokens, max(1, min(800, int(float64(o.MaxTokens)/4/x))))
	turn, chunk := float64(o.TurnTokens), float64(o.ChunkSize)
	if o.SystemPrompts == 0 {
		o.SystemPrompts = 16
	}
	if o.SystemPrompts > 0 && o.SystemTokens == 0 {
		o.SystemTokens = o.systemTokens(x, turn, chunk)
	}
	if o.SystemPrompts < 0 || o.SystemTokens == 0 {
		o.SystemPrompts, o.SystemTokens = 0, 0
		setDefault(&o.Turns, x)
	}
	setDefault(&o.Turns, max(1, x+chunk/(2*turn)-float64(o.SystemTokens)/turn))
}

// systemTokens returns the length of system prompts that gives them their part of the reuse: all that the given turns leave,
// or two fifths if turns are not given. It is 0 if that is less than two chunks, of which hardly any would be shared.
func (o *Options) systemTokens(x, turn, chunk float64) int {
	tokens := float64((x-1)*0.4) * turn
	if o.Turns > 0 {
		tokens = float64((x-o.Turns)*turn) + chunk/2
	}
	if tokens < 2*chunk {
		return 0
	}
	return int(min(tokens, float64(o.MaxTokens)/2))
}
