package log

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A rotating log is a folder of segments: files that are written one after another and
// read as one log. Their names have this in common.
const (
	SegmentPrefix  = "lookup_hashes_"          // begins the name of every segment
	SegmentPattern = SegmentPrefix + "*.jsonl" // matches those that are not compressed, see [path/filepath.Match]
)

// SegmentName is the name of a segment, taken apart:
//
//	lookup_hashes_YYYYMMDD_HHMMSS_NNNNNN.jsonl[.gz|.zst]
//
// Package writer numbers the segments of a folder from 0 on, so that a missing one shows.
// Other writers may begin anew, and may use any number of digits. [Find] is less strict:
// in a folder it takes every file that matches [SegmentPattern], compressed or not.
type SegmentName struct {
	Stamp  string // when the segment was begun, in UTC: YYYYMMDD_HHMMSS
	Number int64  // NNNNNN, ≥ 0
	Suffix string // ".gz" or ".zst"; "" if the segment is not compressed
}

const stampLayout = "20060102_150405"

// NewSegmentName returns the name of an uncompressed segment that is begun at a time in
// the years 0 to 9999.
func NewSegmentName(begin time.Time, number int64) SegmentName {
	return SegmentName{Stamp: begin.UTC().Format(stampLayout), Number: number}
}

var segmentName = regexp.MustCompile(`^` + SegmentPrefix + `(\d{8}_\d{6})_(\d+)\.jsonl(\.gz|\.zst)?$`)

// ParseSegmentName takes apart the name of a file, without its folder. It returns false
// if the name does not have the form above. Stamp has the right number of digits, but
// only [SegmentName.Begin] tells whether they are a time.
func ParseSegmentName(name string) (n SegmentName, ok bool) {
	m := segmentName.FindStringSubmatch(name)
	if m == nil {
		return SegmentName{}, false
	}
	number, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil {
		return SegmentName{}, false // above 2⁶³
	}
	return SegmentName{Stamp: m[1], Number: number, Suffix: m[3]}, true
}

// String returns the name of the file. Number gets at least six digits.
func (n SegmentName) String() string {
	return fmt.Sprintf("%s%s_%06d.jsonl%s", SegmentPrefix, n.Stamp, n.Number, n.Suffix)
}

// Begin returns when the segment was begun, in UTC. It fails if Stamp is no time, such
// as one in a 13th month.
func (n SegmentName) Begin() (time.Time, error) {
	return time.ParseInLocation(stampLayout, n.Stamp, time.UTC)
}

// Compare compares when two segments of one writer were begun, by Stamp and then by
// Number: -1 means n before other, +1 after, 0 that they are copies of one segment.
func (n SegmentName) Compare(other SegmentName) int {
	return cmp.Or(strings.Compare(n.Stamp, other.Stamp), cmp.Compare(n.Number, other.Number))
}
