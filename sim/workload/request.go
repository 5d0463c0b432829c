package workload

// Request is a lookup: what a server would log of it, and what no log has. The zero value is ready for [Generator.Next],
// which reuses the memory of its slices.
type Request struct {
	Timestamp float64  // seconds since the Unix epoch, in whole microseconds
	RequestID []byte   // unique
	Model     int      // index into [Generator.Models]
	ChunkSize int64    // tokens
	SeqLen    int64    // tokens in the prompt
	Hashes    [][]byte // of the complete chunks of the prompt, in prefix order

	// What no log has.
	User         int   // from 0, the most active users first
	Conversation int64 // from 0
	Turn         int   // of the conversation, from 1

	all [][]byte // memory for hashes
}

// room makes room for n hashes.
func (r *Request) room(n, hashBytes int) {
	if n > len(r.all) || len(r.all[0]) != hashBytes {
		count := max(n, 2*len(r.all))
		memory := make([]byte, count*hashBytes)
		r.all = make([][]byte, count)
		for i := range r.all {
			r.all[i], memory = memory[:hashBytes:hashBytes], memory[hashBytes:]
		}
	}
	r.Hashes = r.all[:n:n]
}

// lookUp makes r the lookup of a conversation's prompt.
func (g *Generator) lookUp(c *conversation, r *Request) {
	chunks := int(c.tokens / int64(g.opts.ChunkSize))
	r.Timestamp = g.arrivals.timestamp()
	r.RequestID = appendHex(append(r.RequestID[:0], "cmpl-"...), mix(g.base+uint64(g.stats.Requests)))
	r.Model = int(c.model)
	r.ChunkSize, r.SeqLen = int64(g.opts.ChunkSize), c.tokens
	r.Conversation, r.Turn = c.serial, int(c.turn)
	r.room(chunks, g.opts.HashBytes)
	shared := g.system(c, r.Hashes)
	lineage := mix(g.base + 2*uint64(c.serial) + 1)
	for i := shared; i < chunks; i++ {
		chunkHash(r.Hashes[i], lineage, i)
	}
	g.stats.Requests++
	g.stats.Tokens += c.tokens
	g.stats.Lookups += int64(chunks)
	g.stats.Unique += int64(chunks) - c.seen
	c.seen = int64(chunks)
}

// system fills in the hashes of the chunks that consist of a conversation's system prompt only, and returns their number.
// For another model the same text has other tokens, and so other chunks.
func (g *Generator) system(c *conversation, hashes [][]byte) int {
	if c.system < 0 {
		return 0
	}
	shared := int(g.lengths[c.system] / int64(g.opts.ChunkSize))
	which := int(c.model)*len(g.lengths) + int(c.system)
	lineage := mix(g.base + 2*uint64(which))
	for i, hash := range hashes[:shared] {
		chunkHash(hash, lineage, i)
	}
	if c.seen == 0 && g.prompted[which] {
		c.seen = int64(shared)
	}
	g.prompted[which] = true
	return shared
}
