package rows

import (
	"errors"
	"path/filepath"
	"strings"
)

// Format is a format of files.
type Format string

// The formats.
const (
	CSV     Format = "csv"
	Parquet Format = "parquet"
)

// MaxCapacities is how many capacities a file may list: Parquet has room for some 65,000 columns.
const MaxCapacities = 10_000

// FormatOf returns the format of a file by its extension, .csv or .parquet, in upper or lower case.
func FormatOf(path string) (Format, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".csv", ".parquet":
		return Format(ext[1:]), nil
	}
	return "", errors.New("the name must end in .csv or .parquet")
}

// Columns says which columns a file has besides those that all have.
type Columns struct {
	// Capacities are the names of those that get a column of hit tokens: those of Options.Capacities, in the same order. No two
	// may be equal, and there are at most MaxCapacities.
	Capacities []string
	// Node is the column of the nodes of a fleet.
	Node bool
}

// fixedColumns are those before the hit tokens at listed capacities. After these come demandColumn, nodeColumn if it is there, and
// cachedColumn.
var fixedColumns = []string{"timestamp", "request_id", "model_name", "source", "seq_len", "chunks", "turn", "tail_tokens", "cold_tokens"}

const (
	demandColumn = "demand"
	nodeColumn   = "node"
	cachedColumn = "cached_tokens"
)

// names returns the names of all columns.
func (c Columns) names() []string {
	names := append([]string{}, fixedColumns...)
	for _, capacity := range c.Capacities {
		names = append(names, "hit_tokens@"+capacity)
	}
	names = append(names, demandColumn)
	if c.Node {
		names = append(names, nodeColumn)
	}
	return append(names, cachedColumn)
}

// demand returns the place of the demand among all columns.
func (c Columns) demand() int { return len(fixedColumns) + len(c.Capacities) }
