package job

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog-beam/internal/store"
	"hashlog/log/s3/s3test"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ sources, names []string }{
		{[]string{"/logs/n1", "/logs/n2"}, []string{"n1", "n2"}},
		{[]string{"/logs/n1"}, []string{"n1"}},
		{[]string{"/a/n", "/b/n"}, []string{"a/n", "b/n"}},
		{[]string{"/logs/eu/n1", "/logs/eu/n2", "/logs/us/n1"}, []string{"eu/n1", "eu/n2", "us/n1"}},
		{[]string{"/logs", "/logs/n1"}, []string{"logs", "logs/n1"}},
		{[]string{"s3://bucket/f/n1/", "s3://bucket/f/n2/"}, []string{"n1", "n2"}},
		{[]string{"s3://bucket"}, []string{"bucket"}},
	} {
		var names []string
		for i, n := range nodesOf(c.sources) {
			require.Equal(t, c.sources[i], n.Source)
			names = append(names, n.Name)
		}
		require.Equal(t, c.names, names)
	}
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"n1", "n2", "[x]"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o777))
	}
	in := func(names ...string) (paths []string) {
		for _, name := range names {
			paths = append(paths, filepath.Join(dir, name))
		}
		return paths
	}
	found, err := folders(t.Context(), in("n*", "[x]"))
	require.NoError(t, err)
	require.Equal(t, in("n1", "n2", "[x]"), found)
	t.Chdir(dir)
	found, err = folders(t.Context(), []string{"n1"})
	require.NoError(t, err)
	require.Equal(t, in("n1"), found, "workers have another working folder")
	_, err = folders(t.Context(), in("m*"))
	require.ErrorContains(t, err, "nothing matches")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "n3"), nil, 0o666))
	_, err = folders(t.Context(), in("n*"))
	require.ErrorContains(t, err, "n3 is no folder")
}

func TestPrefixes(t *testing.T) {
	server := s3test.New(t)
	for _, key := range []string{"fleet/n1/a", "fleet/n2/a", "fleet/other"} {
		server.Put(t, key, "x")
	}
	found, err := folders(t.Context(), []string{"s3://bucket/fleet/n*", "s3://bucket/more"})
	require.NoError(t, err)
	require.Equal(t, []string{"s3://bucket/fleet/n1/", "s3://bucket/fleet/n2/", "s3://bucket/more/"}, found)
	_, err = folders(t.Context(), []string{"s3://bucket/fleet/*"})
	require.ErrorContains(t, err, "s3://bucket/fleet/other is no folder")
	_, err = folders(t.Context(), []string{"s3://bucket/x/*"})
	require.ErrorContains(t, err, "nothing matches")
}

func TestParts(t *testing.T) {
	since, until, warm := 10.0, 50.0, 25.0
	p := Plan{Cuts: []float64{20, 30}, Settings: Settings{Since: &since, Until: &until, Replay: analyze.SummarySettings{WarmupUntil: &warm}}}
	p.cutAtWarmup()
	p.cutAtWarmup()
	var bounds [][2]float64
	for _, part := range p.parts() {
		bounds = append(bounds, [2]float64{*part.since, *part.until})
	}
	require.Equal(t, [][2]float64{{10, 20}, {20, 25}, {25, 30}, {30, 50}}, bounds)
	require.Equal(t, []part{{}}, (&Plan{}).parts())
}

func TestSettings(t *testing.T) {
	none := units.Capacity{}
	s, err := NewSettings(analyze.Options{MaxCapacity: units.InBytes(1 << 40), Cache: analyze.Cache{TTL: time.Hour}}, none)
	require.NoError(t, err)
	require.NoError(t, s.boundPool(40))
	require.Equal(t, units.InBytes(40<<40), s.MaxPool)
	huge, err := NewSettings(analyze.Options{MaxCapacity: units.InBytes(1 << 60)}, none)
	require.NoError(t, err)
	require.ErrorContains(t, huge.boundPool(40), "exceeds")

	p := Plan{Nodes: []Node{{"n1", "/logs/n1"}, {"n2", "/logs/n2"}}, Settings: s}
	one, err := p.options(Part{0, 0})
	require.NoError(t, err)
	require.Equal(t, units.InBytes(1<<40), one.MaxCapacity)
	require.Equal(t, time.Hour, one.Cache.TTL)
	all, err := p.options(Part{pooled, 0})
	require.NoError(t, err)
	require.Equal(t, units.InBytes(40<<40), all.MaxCapacity)
	require.Equal(t, []string{"/logs/n1", "/logs/n2"}, p.logs(pooled))
	require.Equal(t, []string{"/logs/n2"}, p.logs(1))

	early := 5.0
	_, err = NewSettings(analyze.Options{Filter: analyze.Filter{Since: &early}, Warmup: analyze.Warmup{Until: &early}}, none)
	require.ErrorContains(t, err, "warm-up ends outside")
	_, err = NewSettings(analyze.Options{Warmup: analyze.Warmup{Fraction: .5}}, none)
	require.Error(t, err)
}

func TestPlanFile(t *testing.T) {
	work, err := store.Open(t.Context(), t.TempDir())
	require.NoError(t, err)
	s, err := NewSettings(analyze.Options{Capacities: []units.Capacity{units.InChunks(7)}}, units.Capacity{})
	require.NoError(t, err)
	p := &Plan{Nodes: []Node{{"n", "/n"}}, Cuts: []float64{1.1}, Settings: s, Output: "/out"}
	name, err := p.Save(t.Context(), work)
	require.NoError(t, err)
	again, err := loadPlan(t.Context(), work, name)
	require.NoError(t, err)
	require.Equal(t, p, again)
	p.Cuts[0] = 1.2
	other, err := p.Save(t.Context(), work)
	require.NoError(t, err)
	require.NotEqual(t, name, other)
}

func TestWithin(t *testing.T) {
	chunks, bytes, inf := units.InChunks, units.InBytes, units.Capacity{Unit: units.Unlimited}
	for _, c := range []struct {
		capacity, most units.Capacity
		chunk          int64
		want           bool
	}{
		{bytes(5), units.Capacity{}, 0, true},
		{inf, units.Capacity{}, 0, true},
		{inf, bytes(5), 1, false},
		{inf, inf, 0, true},
		{bytes(5), bytes(5), 0, true},
		{bytes(6), bytes(5), 0, false},
		{chunks(5), bytes(50), 10, true},
		{chunks(6), bytes(59), 10, false},
		{bytes(59), chunks(5), 10, true},
		{bytes(60), chunks(5), 10, false},
		{chunks(5), bytes(50), 0, false},
	} {
		require.Equal(t, c.want, within(c.capacity, c.most, c.chunk), c)
	}
}
