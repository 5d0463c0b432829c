package analyze

import "hashlog/log"

// ending is the state at the end of a replay, from which the report is written.
type ending struct {
	opts      *Options
	followed  *followed  // nil unless the cache evicts in batches
	recording *recording // nil unless caches are compared
	oddities  oddities
	beside    *beside // nil unless there are several caches
	rungs     string  // a note on the capacities at which a summary has counted; "" if there is none

	paths   []string // of the logs
	sources []string // arguments that led to them
	found   []string // remarks on the choice of logs
	sieve   *Sieve
	stats   log.Stats

	chunks, bytes *Curve // the curve in each unit; bytes is meaningless unless sizesKnown
	curve         *Curve // the one to report
	unique        int64  // chunks
	seenOnce      int64  // chunks
	smallest      int64  // size of the smallest chunk in bytes; 0 if unknown
	sizesKnown    bool
	before        *residency // resident chunks before the counted part
	after         []*int64   // resident chunks after it, by listed capacity; nil where unknown
	memory        int64      // bytes of memory the replay took
}

// oddities count requests with something to note about them.
type oddities struct {
	uncounted     int64 // in the warm-up
	surplus       int64 // with more hashes than seq_len covers
	sizeDisagrees int64 // with a different size for a chunk than before
	otherGeometry int64 // with a different size than the geometry gives
}

// merge adds the counts of others.
func (o *oddities) merge(others oddities) {
	o.uncounted += others.uncounted
	o.surplus += others.surplus
	o.sizeDisagrees += others.sizeDisagrees
	o.otherGeometry += others.otherGeometry
}
