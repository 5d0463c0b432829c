//go:build race

package policy

// raceDetector tells that tests take several times as long.
const raceDetector = true
