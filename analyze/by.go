package analyze

// Dimension is an attribute of requests by whose classes figures can be broken down.
type Dimension string

// The dimensions.
const (
	ByLength Dimension = "length" // tokens of the request
	ByModel  Dimension = "model"
	BySource Dimension = "source" // the path that was given to log.Find
	ByHour   Dimension = "hour"   // of the day
	ByTurn   Dimension = "turn"   // of a conversation
)
