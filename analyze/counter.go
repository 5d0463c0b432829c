package analyze

// counter counts some part of what requests meet. [newSums] lists them; to add one takes a file, and a line there.
type counter interface {
	// lookUp counts a request as it is looked up: one of the warm-up too, for those who count these. q is good for the call.
	lookUp(q *request) error
	// touch counts the touches of a request as they take effect, those of the warm-up too. t is good for the call.
	touch(t *touches) error
	// merge adds what another counter of the same kind and options has counted, of requests that came later. That one stays as
	// it is, and the two share nothing afterwards.
	merge(later counter) error
	// report writes what was counted into a report, which holds what the counters before have written. It may be called again,
	// and then says the same.
	report(rep *Report, end *ending)
}
