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

// fixedColumns are those before the hit tokens at listed capacities. demandColumn is the last one.
var fixedColumns = []string{"timestamp", "request_id", "model_name", "source", "seq_len", "chunks", "turn", "tail_tokens", "cold_tokens"}

const demandColumn = "demand"

// columns returns the names of all columns. capacities are names of capacities.
func columns(capacities []string) []string {
	names := append([]string{}, fixedColumns...)
	for _, c := range capacities {
		names = append(names, "hit_tokens@"+c)
	}
	return append(names, demandColumn)
}
