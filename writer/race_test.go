//go:build race

package writer

// raceDetector says that the race detector is on, with which times mean little.
const raceDetector = true
