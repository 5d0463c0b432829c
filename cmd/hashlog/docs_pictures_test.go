package main

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// docsPictures are the pictures of the pages, by what plot of the demo draws them.
var docsPictures = []struct {
	flags    string
	pictures map[string]string // by the names that plot gives them
}{
	{"--target 50%,90%ofceiling", map[string]string{"capacity.png": "capacity.png", "rolling.png": "rolling.png"}},
	{"--cache lmcache-server --target 50%,90%ofceiling", map[string]string{"capacity.png": "server.png"}},
	{"--by length", map[string]string{"by-length.png": "by-length.png"}},
	{"--tiers gpu=40GiB,dram=256GiB,ssd=2TiB --tier-bandwidth dram=50MiB/s,ssd=15MiB/s:20MiB/s", map[string]string{"tiers.png": "tiers.png"}},
}

// TestDocsPictures draws the pictures that the pages show and compares their pixels. With -update (make docs) it replaces
// those that differ.
func TestDocsPictures(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("another processor may round the edges otherwise")
	}
	for _, plot := range docsPictures {
		t.Run(plot.flags, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			hashlog(t, nil, append([]string{"plot", testdata + "/demo", "-o", dir, "--quiet"}, strings.Fields(plot.flags)...)...)
			for drawn, shown := range plot.pictures {
				got, err := os.ReadFile(filepath.Join(dir, drawn))
				require.NoError(t, err)
				path := filepath.Join(projectRoot, "docs", shown)
				want, err := os.ReadFile(path)
				require.NoError(t, err)
				same := bytes.Equal(pixels(t, want), pixels(t, got))
				if *update && !same {
					require.NoError(t, os.WriteFile(path, got, 0o644))
				} else {
					require.True(t, same, "docs/%s is out of date; make docs draws it again", shown)
				}
			}
		})
	}
}

// pixels returns the width and the colours of a PNG, which compression changes nothing in.
func pixels(t *testing.T, data []byte) []byte {
	decoded, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	plain := image.NewNRGBA(decoded.Bounds())
	draw.Draw(plain, plain.Bounds(), decoded, image.Point{}, draw.Src)
	return append([]byte(plain.Bounds().String()), plain.Pix...)
}
