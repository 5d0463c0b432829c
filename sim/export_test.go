package sim

// PageSize is how many elements a page holds.
const PageSize = 1 << pageBits

// NewSmallIndex returns an index whose segments are so small that they split all the time.
func NewSmallIndex() *Index { return newIndex(3) }

// MostKeys returns how many keys there may be.
func (x *Index) MostKeys() int { return x.limit() }

// Places returns the length of the row of touches.
func (s *Stack) Places() int { return s.marks.len() }

// Next returns the place of the next touch.
func (s *Stack) Next() int { return int(s.next) }

// Marked returns how many chunks have been touched, expired ones included.
func (s *Stack) Marked() int64 { return s.marks.total }

// SetMostPlaces bounds the length of the row of touches.
func (s *Stack) SetMostPlaces(n int64) { s.most = n }

// HasWeights reports whether chunks have had unlike sizes.
func (s *Stack) HasWeights() bool { return s.weights != nil }

// Stamps returns how many times of touches the stack remembers.
func (s *Stack) Stamps() int { return len(s.ages.stamps) }
