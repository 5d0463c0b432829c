//go:build !purego

package sim

// canPrefetch says that prefetch does something.
const canPrefetch = true

// prefetch begins to fetch a tag, to be read, and a slot, to be written, and does not wait for them.
//
//go:noescape
func prefetch(tag *byte, slot *uint64)
