package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

func TestParseFormat(t *testing.T) {
	for in, want := range map[string]Format{"png": PNG, "svg": SVG, "pdf": PDF, "PNG": PNG} {
		got, err := ParseFormat(in)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, in := range []string{"", "gif", ".png", "png "} {
		_, err := ParseFormat(in)
		require.ErrorContains(t, err, "must be png, svg or pdf", "%q", in)
	}
}

// drawn returns p drawn in format f.
func drawn(t *testing.T, p picture, f Format) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, p.write(&b, f))
	return b.Bytes()
}

// texts returns the texts of a picture, in file order. The file must be well-formed.
func texts(t *testing.T, p picture) []string {
	t.Helper()
	var out []string
	inText := false
	for d := xml.NewDecoder(bytes.NewReader(drawn(t, p, SVG))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			if inText = token.Name.Local == "text"; inText {
				out = append(out, "")
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				out[len(out)-1] += string(token)
			}
		}
	}
}

func TestEveryCaseInEveryFormat(t *testing.T) {
	for name, p := range drawings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !raced || strings.HasSuffix(name, "-typical") {
				checkPNG(t, p)
			}
			require.Regexp(t, "oken hit rate|Reuse of chunks", strings.Join(texts(t, p), "\n"))
			svg := drawn(t, p, SVG)
			require.NotContains(t, string(svg), "NaN")
			require.Contains(t, string(svg), "font-family:'Liberation Sans',Arimo,Arial,Helvetica,sans-serif;")

			pdf := drawn(t, p, PDF)
			require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-")))
			require.True(t, bytes.HasSuffix(bytes.TrimSpace(pdf), []byte("%%EOF")))
		})
	}
}

func TestSameReportSameBytes(t *testing.T) {
	zone := time.Local
	t.Cleanup(func() { time.Local = zone })
	first := map[Format][][]byte{}
	for i := range 2 {
		time.Local = time.FixedZone("elsewhere", i*3600+1800)
		for _, f := range []Format{PNG, SVG, PDF} {
			var all [][]byte
			for _, p := range []picture{capacityCases()[0].picture(), capacityCaseNamed(t, "grid").picture(), rollingCases()[0].picture(), tiersCases()[0].picture(), ttlCases()[0].picture(), cachesCases()[0].picture(),
				heatCases()[0].picture(), requestsCases()[0].picture(), reuseCases()[0].picture(), granularityCases()[0].picture()} {
				all = append(all, drawn(t, p, f))
			}
			if i == 0 {
				first[f] = all
			}
			require.Equal(t, first[f], all, f)
		}
	}
	require.NotContains(t, string(first[PDF][0]), "Date (")
}

func TestWriteFails(t *testing.T) {
	p := capacityCases()[0].picture()
	require.ErrorContains(t, p.write(io.Discard, "gif"), `"gif"`)
	require.ErrorContains(t, p.write(broken{}, SVG), "disk full")
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWhatCantBeDrawn(t *testing.T) {
	require.ErrorContains(t, Capacity(io.Discard, PNG, &analyze.Report{}, Axis{From: 1, To: 2}), "no curve")
	require.ErrorContains(t, Rolling(io.Discard, PNG, &analyze.Report{}), "no windows")
	with := &analyze.Report{Curve: &analyze.Curve{}}
	for _, a := range []Axis{{}, {From: 0, To: 5}, {From: -1, To: 5}, {From: 5, To: 5}, {From: 6, To: 5}} {
		require.ErrorContains(t, Capacity(io.Discard, PNG, with, a), "range must be positive")
	}
}
