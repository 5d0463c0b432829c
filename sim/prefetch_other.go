//go:build !amd64 || purego

package sim

const canPrefetch = false

func prefetch(*byte, *uint64) {}

func prefetchKeys(*Key, int) {}
