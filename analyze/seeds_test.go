package analyze

// seeds returns how many of n random cases a test tries: a third under the race detector, which looks for what any of them shows.
func seeds(n uint64) uint64 {
	if raceDetector {
		return max(n/3, 1)
	}
	return n
}
