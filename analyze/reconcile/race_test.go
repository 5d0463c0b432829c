//go:build race

package reconcile

// raceDetector tells that tests take several times as long, so that those which look at one thing again and again do so less often.
const raceDetector = true
