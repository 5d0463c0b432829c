//go:build race

package chart

// raced says that the race detector is on, under which a raster picture takes seconds.
const raced = true
