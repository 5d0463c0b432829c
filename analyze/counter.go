package analyze

// counter counts one aspect of the requests. [newSums] lists all counters; a new one takes a file of its own and a line
// there.
type counter interface {
	// lookUp counts a request as it is looked up. It is called for the requests of the warm-up too. q is valid during the
	// call.
	lookUp(q *request) error
	// touch counts the touches of a request as they take effect, those of the warm-up too. t is valid during the call.
	touch(t *touches) error
	// merge adds the counts of another counter of the same kind and with the same options, made from later requests. The
	// other counter stays as it is, and the two share nothing afterwards.
	merge(later counter) error
	// report writes the counts into a report that already holds what earlier counters wrote. Calling it again writes the
	// same.
	report(rep *Report, end *ending)
}
