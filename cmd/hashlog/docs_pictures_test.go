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

// docsPictures are the pictures of the pages, by the command that draws them.
var docsPictures = []struct {
	command  string // LOGS is replaced
	logs     string
	pictures map[string]string // by the names that the command gives them
}{
	{"plot LOGS --target 50%,90%ofceiling", testdata + "/demo", map[string]string{"capacity.png": "capacity.png", "rolling.png": "rolling.png"}},
	{"plot LOGS --cache lmcache-server --target 50%,90%ofceiling", testdata + "/demo", map[string]string{"capacity.png": "server.png"}},
	{"plot LOGS --by length", testdata + "/demo", map[string]string{"by-length.png": "by-length.png"}},
	{"plot LOGS --tiers gpu=40GiB,dram=256GiB,ssd=2TiB --tier-bandwidth dram=50MiB/s,ssd=15MiB/s:20MiB/s", testdata + "/demo", map[string]string{"tiers.png": "tiers.png"}},
	{"plot LOGS --capacity 64GiB,256GiB --ttl 5m,1h,6h", testdata + "/demo", map[string]string{"ttl.png": "ttl.png"}},
	{"reconcile LOGS --capacity 192GiB --touch-order tail --measured " + testdata + "/measured/server.csv", testdata + "/demo", map[string]string{"reconcile.png": "reconcile.png"}},
	{"fleet LOGS --nodes 20 --routing round-robin,prefix:2,dynamo,sglang,aibrix,llm-d,production-stack --capacity 64GiB,128GiB,256GiB,512GiB,1TiB,2TiB --bytes-per-chunk 160MiB", referenceTrace, map[string]string{"fleet.png": "fleet.png"}},
	{"compare LOGS --capacity 5TiB --bytes-per-chunk 160MiB", referenceTrace, map[string]string{"caches.png": "caches.png"}},
}

// TestDocsPictures draws the pictures that the pages show and compares their pixels. With -update (make docs) it replaces
// those that differ. Pictures of the reference trace are drawn where it is.
func TestDocsPictures(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	if runtime.GOARCH != "amd64" {
		t.Skip("another processor may round the edges otherwise")
	}
	for _, drawing := range docsPictures {
		t.Run(drawing.command, func(t *testing.T) {
			t.Parallel()
			if _, err := os.Stat(drawing.logs); err != nil {
				t.Skip("the reference trace is not here")
			}
			dir := t.TempDir()
			hashlog(t, nil, append(strings.Fields(strings.Replace(drawing.command, "LOGS", drawing.logs, 1)), "-o", dir, "--quiet")...)
			for drawn, shown := range drawing.pictures {
				got, err := os.ReadFile(filepath.Join(dir, drawn))
				require.NoError(t, err)
				path := filepath.Join(projectRoot, "docs", shown)
				want, err := os.ReadFile(path)
				if *update && os.IsNotExist(err) {
					require.NoError(t, os.WriteFile(path, got, 0o644))
					continue
				}
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
