package foreign

// turns are the times, in milliseconds, of the last turn of each session. Its zero value knows none.
type turns map[string]*float64

// end notes the time of a turn. A row without a session is none.
func (t *turns) end(session []byte, at float64) {
	if len(session) == 0 {
		return
	}
	if *t == nil {
		*t = make(turns)
	}
	if last := (*t)[string(session)]; last != nil {
		*last = at
		return
	}
	(*t)[string(session)] = new(at) // on the heap once a session, not once a row
}
