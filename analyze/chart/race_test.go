//go:build race

package chart

// raced says that the race detector is on, which makes a raster picture take seconds.
const raced = true
