package main

import "testing"

// skipUnderRace skips a test under the race detector, with which it takes ten times as long and finds no more. why says what runs the same
// code with it. make check runs all tests of such a package without it too.
func skipUnderRace(t *testing.T, why string) {
	t.Helper()
	if raceDetector {
		t.Skip("without the race detector alone: " + why)
	}
}
