package analyze

import (
	"hashlog/sim"
)

// deferred are the requests of an open summary that cannot be counted before it is known what their never-seen chunks met. They are in the
// order of the log, and their never-seen chunks have ids in that order: the first request brings the ids from 0 on, and so on.
type deferred struct {
	requests requestList
	// keys are those of all chunks that the requests bring, in their order, once the index has numbered the chunks anew; nil before:
	// they are those of the index then.
	keys []sim.Key
}

// deferredRequest is a request whose lookup has yet to be counted. All its touches but the first ones of chunks are counted already.
type deferredRequest struct {
	time      float64 // timestamp in seconds since the Unix epoch
	now       float64 // the latest timestamp so far, this one included
	model     int32   // its place in modelNames
	arg       int32   // the place of source.arg in a list of names; set only if there is the dimension BySource
	counted   bool    // whether it comes after the warm-up
	chunkSize int64   // tokens
	seqLen    int64   // tokens
	size      int64   // bytes of each chunk on all ranks; 0: unknown

	runs []sim.Run // all chunks, as far as the stretch knows them; the others have a need of Never
	// rows are the chunks of the runs with a need of Never, in prefix order, by their ids in the order of deferred. A chunk that the request
	// has twice is in it twice.
	rows []sim.Row
	ages []sim.MaxAge // of its prefixes, never-seen chunks left out of account (but counted); only if Options.TTLs is set
	// brings is how many ids the request is the first to have. They are the next ones.
	brings int
}
