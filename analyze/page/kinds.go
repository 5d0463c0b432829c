package page

import "hashlog/analyze"

// kind is a kind of missed tokens.
type kind struct {
	ID    string `json:"id"` // part of CSS classes
	Name  string `json:"name"`
	About string `json:"about"`
	of    func(analyze.MissTokens) int64
}

// kindsOf returns the kinds of misses that a report has, as they are stacked: what memory can help with comes first.
func kindsOf(m analyze.MissTokens) []kind {
	kinds := []kind{
		{"capacity", "capacity", "was stored, but evicted before it was needed: more memory helps", func(m analyze.MissTokens) int64 { return m.Capacity }},
		{"broken", "broken prefix", "is in the cache, but behind a chunk that is not: more memory helps, if that chunk was stored", func(m analyze.MissTokens) int64 { return m.BrokenPrefix }},
	}
	if m.Unaligned != nil {
		kinds = append(kinds, kind{"unaligned", "unaligned", "is in the cache, but short of a whole match unit", func(m analyze.MissTokens) int64 { return *m.Unaligned }})
	}
	if m.Expired != nil {
		kinds = append(kinds, kind{"expired", "expired", "was too old: a longer TTL helps", func(m analyze.MissTokens) int64 { return *m.Expired }})
	}
	if m.NotAdmitted != nil {
		kinds = append(kinds, kind{"admission", "not admitted", "was looked up too few times to be stored", func(m analyze.MissTokens) int64 { return *m.NotAdmitted }})
	}
	return append(kinds,
		kind{"cold", "cold", "was never stored before: no cache hits it", func(m analyze.MissTokens) int64 { return m.Cold }},
		kind{"tail", "tail", "is the end of a prompt that fills no whole chunk, so no hash covers it", func(m analyze.MissTokens) int64 { return m.Tail }})
}
