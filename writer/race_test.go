//go:build race

package writer

// raceDetector tells that times mean little.
const raceDetector = true
