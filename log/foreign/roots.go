package foreign

// roots finds the first request of a conversation, whose rows name the request before. Its zero
// value knows none. It remembers each request that has one before it.
type roots map[string]string // by request; a request that is not here is taken for a first one

// find returns the root of a request, given the one before it: "" for a root.
func (r *roots) find(id, parent string) string {
	if parent == "" || parent == id {
		return id
	}
	root, ok := (*r)[parent]
	if !ok {
		root = parent
	}
	if *r == nil {
		*r = make(roots)
	}
	(*r)[id] = root
	return root
}
