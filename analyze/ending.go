package analyze

import "hashlog/log"

// ending is how things stand at the end of a replay, for all that report.
type ending struct {
	opts     *Options
	followed *followed // nil unless the cache evicts in batches
	oddities oddities

	files int
	paths []string // of the logs
	found []string // what there is to say about the choice of logs
	sieve *Sieve
	stats log.Stats

	chunks, bytes *Curve // in either unit; that in bytes means nothing unless sizesKnown
	curve         *Curve // the one to be shown
	unique        int64  // chunks
	seenOnce      int64  // chunks
	smallest      int64  // size of the smallest chunk, 0 if it is unknown
	sizesKnown    bool
	before, after []int64 // resident chunks before the counted part and behind it, by listed capacity
	memory        int64   // bytes that the replay took
}

// oddities are how many requests have something to note about them.
type oddities struct {
	uncounted     int64 // they belong to the warm-up
	surplus       int64 // more hashes than seq_len covers
	sizeDisagrees int64 // another size of a chunk than before
	otherGeometry int64 // another size than the geometry's
}

// merge adds those of others.
func (o *oddities) merge(others oddities) {
	o.uncounted += others.uncounted
	o.surplus += others.surplus
	o.sizeDisagrees += others.sizeDisagrees
	o.otherGeometry += others.otherGeometry
}
