//go:build !purego

package sim

// canPrefetch reports whether the functions of this file do anything.
const canPrefetch = true

// prefetch begins to fetch a tag for reading and a slot for writing. It does not wait for them.
//
//go:noescape
func prefetch(tag *byte, slot *uint64)

// prefetchKeys begins to fetch n keys for reading. It does not wait for them.
//
//go:noescape
func prefetchKeys(first *Key, n int)
