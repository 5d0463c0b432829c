package log

import "sync"

const (
	// sharedNames and sharedNameBytes bound what names remembers. That is far more than the models of a server are; beyond
	// it only memory is lost.
	sharedNames     = 1 << 16
	sharedNameBytes = 64 << 20

	// cachedNames is how many names a decoder has at hand.
	cachedNames = 64
)

// names are the model names of the logs of one reader: records that wait, of whichever log, share their strings. It is
// safe for concurrent use, and nil remembers nothing.
type names struct {
	mu    sync.Mutex
	all   map[string]string
	bytes int // of them
}

// hold returns the string that stands for all equal ones.
func (n *names) hold(name string) string {
	if n == nil {
		return name
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if held, ok := n.all[name]; ok {
		return held
	}
	if n.all == nil || len(n.all) >= sharedNames || n.bytes+len(name) > sharedNameBytes {
		n.all, n.bytes = make(map[string]string), 0
	}
	n.all[name] = name
	n.bytes += len(name)
	return name
}

// nameCache is what one decoder knows of names, so that it seldom has to ask for a shared one. Its zero value shares none.
type nameCache struct {
	shared *names
	last   string
	some   map[string]string // at most cachedNames
}

// intern returns the string that stands for all names that are equal.
func intern[S string | []byte](c *nameCache, name S) string {
	if string(name) == c.last {
		return c.last
	}
	held, ok := c.some[string(name)]
	if !ok {
		held = c.shared.hold(string(name))
		if c.some == nil || len(c.some) == cachedNames {
			c.some = make(map[string]string)
		}
		c.some[held] = held
	}
	c.last = held
	return held
}
