//go:build !purego

package sim

// canPrefetch reports whether prefetch does anything.
const canPrefetch = true

// prefetch begins to fetch a tag for reading and a slot for writing. It does not wait for them.
//
//go:noescape
func prefetch(tag *byte, slot *uint64)
