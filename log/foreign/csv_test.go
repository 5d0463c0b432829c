package foreign

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// table reads lines as CSV. It returns a canonical line or "line: error" for each record.
func table(t testing.TB, lines ...string) (out []string, err error) {
	c := NewCSV()
	tell := func(r *Request) {
		switch {
		case r == nil:
		case r.Err != nil:
			out = append(out, fmt.Sprintf("%d: %v", r.ErrAt, r.Err))
		default:
			text, err := log.AppendRecord(nil, &r.Record)
			require.NoError(t, err)
			again, err := log.Decode(text)
			require.NoError(t, err)
			require.Equal(t, again.ChunkHashes, r.Record.ChunkHashes)
			out = append(out, fmt.Sprintf("%d: %v %q %d %v %q", r.Line, again.Timestamp, again.RequestID, again.SeqLen, again.Shapes, again.ChunkHashes))
		}
	}
	for i, line := range lines {
		done, err := c.Add([]byte(line), int64(i+1))
		tell(done)
		if header := (*HeaderError)(nil); err != nil {
			if require.NotPanics(t, func() { _ = err.Error() }); i == 0 {
				require.ErrorAs(t, err, &header)
				return out, err
			}
			out = append(out, fmt.Sprintf("%d: %v", i+1, err))
		}
	}
	tell(c.End())
	require.Nil(t, c.End())
	return out, nil
}

func TestCSV(t *testing.T) {
	for _, c := range []struct{ lines, want []string }{
		{[]string{"time,key"}, nil},
		{[]string{"time,key", "1,a", "2.5,b", "2.5,b"},
			[]string{`2: 1 "" 1 [] ["a"]`, `3: 2.5 "" 1 [] ["b"]`, `4: 2.5 "" 1 [] ["b"]`}},
		{[]string{"\ufeffSize, KEY ,other,Timestamp,Request_ID", "10,a,x,1,r", `10,"b,""c""",,9,r`, ",a,,3,s", "7,a,,4,r"},
			[]string{`2: 1 "r" 2 [[10]] ["a" "b,\"c\""]`, `4: 3 "s" 1 [] ["a"]`, `5: 4 "r" 1 [[7]] ["a"]`}},
		{[]string{"time,key,size,request", "1,a,10,r", "1,b,10,r", "1,c,11,r", "1,d,12,r", "x,e,10,r", "2,a,10,s", "2,b,,s"},
			[]string{`4: size is 11, but 10 in the first row of this request (line 2): all chunks of a record have one size`,
				`8: size is unknown, but 10 in the first row of this request (line 7): all chunks of a record have one size`}},
		{[]string{"time,key,size,request", "1,a,0,r", "x,b,1,s", "NaN,c,1,t", "1,,1,u", "1,\xff,1,v", "1,a,1.5,w", "1,a", "1,a,1,", "2,a,1,", "1e999,a,1,z"},
			[]string{`2: size must be an integer from 1 to 2^63-1, is 0`, `3: time must be a number of seconds, is x`,
				`4: time must be a number of seconds, is NaN`, `5: key must be text in UTF-8, is empty`, `6: key must be text in UTF-8, is "\xff"`,
				`8: has 2 fields, none for size`, `7: size must be an integer from 1 to 2^63-1, is 1.5`, `9: 1 "" 1 [[1]] ["a"]`, `10: 2 "" 1 [[1]] ["a"]`,
				`11: time must be a number of seconds, is 1e999`}},
		{[]string{" time ,key, SIZE", " 1.5 ,a, 10 ", "\r", "2, a,"},
			[]string{`3: not CSV: no fields`, `2: 1.5 "" 1 [[10]] ["a"]`, `4: 2 "" 1 [] [" a"]`}},
		{[]string{"time,key,request", "1,a,r", `1,"b,r`, `1,b"c,r`, "1,d,r"},
			[]string{`3: not CSV: extraneous or missing " in quoted-field at byte 7`, `4: not CSV: bare " in non-quoted-field at byte 4`, `2: 1 "r" 2 [] ["a" "d"]`}},
	} {
		got, err := table(t, c.lines...)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
}

func TestCSVHeader(t *testing.T) {
	const needed = `: the first row must name the columns: "time" and "key", optionally "size" and "request"`
	for line, want := range map[string]string{
		"time,size":          `no column "key" in time,size` + needed,
		"1,a,10":             `no column "time" in 1,a,10` + needed,
		"time,key,timestamp": `two columns for time` + needed,
		`time,"key`:          `not CSV: extraneous or missing " in quoted-field at byte 10` + needed,
	} {
		_, err := table(t, line)
		require.EqualError(t, err, want)
	}
}

// TestCSVBounds holds a request that never ends to its bounds.
func TestCSVBounds(t *testing.T) {
	c := NewCSV()
	_, err := c.Add([]byte("time,key,request"), 1)
	require.NoError(t, err)
	key := strings.Repeat("k", 1<<20)
	for i := range 40 {
		done, err := c.Add([]byte("1,"+key+",r"), int64(i+2))
		require.NoError(t, err)
		require.Nil(t, done)
	}
	require.Empty(t, c.open.Record.ChunkHashes)
	r := c.End()
	require.EqualError(t, r.Err, "more than 33554432 bytes of keys in one request (from line 2 on)")
	require.EqualValues(t, 34, r.ErrAt)

	for i := range MaxKeys + 2 {
		_, err := c.Add([]byte("1,k,r"), int64(i+2))
		require.NoError(t, err)
	}
	r = c.End()
	require.EqualError(t, r.Err, "more than 1048576 keys in one request (from line 2 on)")
	require.EqualValues(t, MaxKeys+2, r.ErrAt)
}

// FuzzCSV reads lines as CSV: what is accepted is a record.
func FuzzCSV(f *testing.F) {
	f.Add("time,key,size,request\n1,a,10,r\n1,b,10,r\n2,c,,s")
	f.Add("key,time\n\"a\"\"b\",1e3\r\n\"")
	f.Fuzz(func(t *testing.T, text string) { _, _ = table(t, strings.Split(text, "\n")...) })
}
