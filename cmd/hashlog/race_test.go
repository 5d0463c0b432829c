//go:build race

package main

// raceDetector tells that neither times nor memory mean much.
const raceDetector = true
