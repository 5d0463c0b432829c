package sim

// Prefetch begins to fetch keys into the caches of this processor, and does not wait for them. It helps where another
// processor has written them and [Index.Number] will need them soon, but not at once. It does nothing on systems for which
// there is no prefetch instruction here.
func Prefetch(keys []Key) {
	if canPrefetch && len(keys) > 0 {
		prefetchKeys(&keys[0], len(keys))
	}
}
