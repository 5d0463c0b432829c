package log

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/source"
)

func TestSuccessions(t *testing.T) {
	name := func(stamp, number string) string {
		return SegmentPrefix + "20240331_" + stamp + "_" + number + ".jsonl"
	}
	for what, c := range map[string]struct {
		paths []string
		want  []succession
	}{
		"in any order, compressed or not": {[]string{"d/" + name("000003", "000002") + ".gz", "d/" + name("000001", "000000"), "d/" + name("000001", "000001") + ".zst"},
			[]succession{{1, 2, 0}}},
		"a folder each": {[]string{"d/" + name("000001", "000000"), "e/" + name("000001", "000000"), "e/" + name("000002", "000001"), "d/" + name("000002", "000001")},
			[]succession{{0, 3}, {1, 2}}},
		"in a bucket":       {[]string{"s3://b/d/" + name("000001", "000007"), "s3://b/d/" + name("000002", "000008")}, []succession{{0, 1}}},
		"one is missing":    {[]string{name("000001", "000000"), name("000002", "000001"), name("000003", "000003"), name("000004", "000004")}, []succession{{0, 1}, {2, 3}}},
		"time falls":        {[]string{name("000002", "000000"), name("000001", "000001")}, nil},
		"numbers restart":   {[]string{name("000001", "000000"), name("000002", "000001"), name("000003", "000000"), name("000004", "000001")}, nil},
		"one number twice":  {[]string{name("000001", "000000"), name("000002", "000001"), name("000003", "000001"), name("000004", "000002")}, nil},
		"alone":             {[]string{name("000001", "000000")}, nil},
		"of another writer": {[]string{"a.jsonl", "b.jsonl"}, nil},
	} {
		var logs []*source.Log
		for _, path := range c.paths {
			l := &source.Log{Path: path}
			logs = append(logs, l)
		}
		require.Equal(t, c.want, successions(logs), what)
	}
}
