package line

import "sync"

const (
	// sharedNames and sharedNameBytes bound Names, far above the number of models of a server.
	// Beyond them equal names may be held more than once.
	sharedNames     = 1 << 16
	sharedNameBytes = 64 << 20

	// CachedNames is how many names a NameCache holds.
	CachedNames = 64
)

// Names interns the model names of several logs, so that equal names share one string. It is
// safe for concurrent use. A nil Names interns nothing.
type Names struct {
	mu    sync.Mutex
	all   map[string]string
	bytes int // of them
}

// hold returns the one string for all names equal to name.
func (n *Names) hold(name string) string {
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

// NameCache caches the names that one decoder meets, so that it seldom asks Shared. Its zero
// value shares none.
type NameCache struct {
	Shared *Names
	last   string
	some   map[string]string // at most cachedNames
}

// Intern returns the one string for all names equal to name.
func Intern[S string | []byte](c *NameCache, name S) string {
	if string(name) == c.last {
		return c.last
	}
	held, ok := c.some[string(name)]
	if !ok {
		held = c.Shared.hold(string(name))
		if c.some == nil || len(c.some) == CachedNames {
			c.some = make(map[string]string)
		}
		c.some[held] = held
	}
	c.last = held
	return held
}
