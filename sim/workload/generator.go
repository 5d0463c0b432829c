package workload

import "math"

// Stats counts what has been generated.
type Stats struct {
	Requests int64
	Tokens   int64 // in their prompts
	Lookups  int64 // their chunks
	Unique   int64 // chunks that had not been looked up before
}

// Reuse returns the share of the chunks that had been looked up before, from 0 to 1.
func (s Stats) Reuse() float64 {
	if s.Lookups == 0 {
		return 0
	}
	return float64(s.Lookups-s.Unique) / float64(s.Lookups)
}

// Generator makes up requests. It is made with New and not safe for concurrent use. Its memory grows with the number of
// users and of system prompts, not with the number of requests.
type Generator struct {
	opts     Options
	random   random
	arrivals arrivals
	left     int64  // requests still to make
	ends     uint64 // chance that a turn is the last, × one
	weights  uint64 // of all models
	base     uint64 // start of hashes and request ids

	lengths  []int64 // of system prompts, in tokens
	prompted []bool  // by model and system prompt: whether it was looked up before
	users    []conversation
	begun    int64 // number of conversations so far

	stats Stats
}

// alike is how many users share the first rank of activity.
const alike = 16

// conversation is the present one of a user. The zero value is none.
type conversation struct {
	serial int64
	tokens int64 // prompts and answers so far
	seen   int64 // chunks of it that have been looked up
	turn   int32 // prompts so far
	model  int32
	system int32 // system prompt, or −1
}

// New returns a generator. Its error is a [*FieldError].
func New(o Options) (*Generator, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	g := &Generator{
		opts:     o,
		random:   newRandom(o.Seed),
		arrivals: newArrivals(o),
		left:     o.Requests,
		ends:     uint64(one / o.Turns),
		base:     mix(^o.Seed),
		prompted: make([]bool, o.SystemPrompts*len(o.Models)),
		users:    make([]conversation, o.Users),
	}
	if g.left == 0 {
		g.left = math.MaxInt64
	}
	for _, m := range o.Models {
		g.weights += uint64(m.Weight)
	}
	for range o.SystemPrompts {
		g.lengths = append(g.lengths, g.systemPrompt(uint64(o.SystemTokens), uint64(o.MaxTokens)/2))
	}
	return g, nil
}

// systemPrompt draws the length of a system prompt: at least half the mean.
func (g *Generator) systemPrompt(mean, limit uint64) int64 {
	half := mean / 2
	return int64(min(half+g.random.length(mean-half), limit))
}

// Models returns a copy of the models that requests refer to, with all defaults filled in.
func (g *Generator) Models() []Model {
	models := make([]Model, len(g.opts.Models))
	for i, m := range g.opts.Models {
		models[i] = m.clone()
	}
	return models
}

// Stats returns the counts of all requests so far.
func (g *Generator) Stats() Stats { return g.stats }

// Next makes up the next request. It returns false when there are no more, and leaves r as it is then.
func (g *Generator) Next(r *Request) bool {
	for g.left > 0 && g.arrivals.next(&g.random) {
		user := int(g.random.skewed(uint64(len(g.users)), alike))
		c := &g.users[user]
		g.ask(c)
		logged := c.tokens >= int64(g.opts.ChunkSize)
		if logged {
			r.User = user
			g.lookUp(c, r)
		}
		g.answer(c)
		if logged {
			g.left--
			return true
		}
	}
	g.left = 0
	return false
}

// ask adds a question to a conversation, or begins another one.
func (g *Generator) ask(c *conversation) {
	limit := int64(g.opts.MaxTokens)
	if c.turn > 0 {
		if question := g.tokens(g.opts.TurnTokens / 3); c.tokens+question <= limit {
			c.tokens += question
			c.turn++
			return
		}
	}
	g.begin(c)
	// The first message is as long as an answer and a question, so that each turn adds the same.
	c.tokens = min(c.tokens+g.tokens(g.opts.TurnTokens), limit)
	c.turn = 1
}

// answer adds an answer to a conversation, or ends it.
func (g *Generator) answer(c *conversation) {
	if g.random.below(one) < g.ends {
		*c = conversation{}
		return
	}
	c.tokens += g.tokens(g.opts.TurnTokens - g.opts.TurnTokens/3)
}

// begin makes c a new conversation that has only a system prompt, if there are any.
func (g *Generator) begin(c *conversation) {
	*c = conversation{serial: g.begun, model: g.model(), system: -1}
	g.begun++
	if n := uint64(len(g.lengths)); n > 0 {
		c.system = int32(g.random.skewed(n, 1))
		c.tokens = g.lengths[c.system]
	}
}

// model draws a model by weight.
func (g *Generator) model() int32 {
	at := g.random.below(g.weights)
	for i, m := range g.opts.Models {
		if at < uint64(m.Weight) {
			return int32(i)
		}
		at -= uint64(m.Weight)
	}
	panic("workload: weights do not add up")
}

// tokens draws a length, above zero if the mean is.
func (g *Generator) tokens(mean int) int64 {
	if mean == 0 {
		return 0
	}
	return 1 + int64(g.random.length(uint64(mean-1)))
}
