package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"hashlog/analyze"
)

type tiersCase struct {
	name   string
	report *analyze.Report
}

func (c tiersCase) picture() picture { return tiersPicture(c.report) }

// tier is one of that many bytes.
func tier(name string, size int64) analyze.TierResult {
	return analyze.TierResult{Name: name, CapacityBytes: of(size)}
}

var threeTiers = []analyze.TierResult{tier("gpu", 40<<30), tier("dram", 512<<30), tier("ssd", 4<<40)}

// tierWindow holds a million tokens, of which each tier serves a share; a token is 128 KiB. A quarter of what the tiers up
// to and including a tier don't serve is written to that tier.
func tierWindow(start, length float64, shares ...float64) analyze.TierWindow {
	w := analyze.TierWindow{Start: start, End: start + length, Requests: 100, TotalTokens: 1_000_000}
	together := 0.0
	for _, s := range shares {
		together += s
		w.Tokens = append(w.Tokens, int64(1e6*fraction(s)))
		w.Bytes = append(w.Bytes, int64(1e6*fraction(s))<<17)
		w.BytesWritten = append(w.BytesWritten, int64(.25e6*fraction(1-together))<<17)
	}
	return w
}

// tierDay makes n windows with a daily rhythm.
func tierDay(n int, start float64, window time.Duration, shares ...float64) []analyze.TierWindow {
	rnd := rand.New(rand.NewPCG(3, 4))
	out := make([]analyze.TierWindow, n)
	for i := range out {
		wave := 1 + .25*math.Sin(float64(i)/float64(n)*9)
		now := make([]float64, len(shares))
		for j, s := range shares {
			now[j] = s * wave * max(0, 1+.15*rnd.NormFloat64())
		}
		out[i] = tierWindow(start+float64(i)*window.Seconds(), window.Seconds(), now...)
	}
	return out
}

// tiersReport sums the windows. A tier's bandwidth is in bytes per second, for reads and writes together; 0 is unknown.
// Without bandwidths, sizes are unknown too.
func tiersReport(tiers []analyze.TierResult, windows []analyze.TierWindow, available ...int64) *analyze.Report {
	r := report()
	r.Tiers, r.TierWindows = append([]analyze.TierResult{}, tiers...), windows
	for i := range r.Tiers {
		t := &r.Tiers[i]
		b := &analyze.TierBandwidth{WindowSeconds: 300, Above: of[int64](0)}
		if len(windows) > 0 {
			b.WindowSeconds = windows[0].End - windows[0].Start
		}
		total := int64(0)
		for _, w := range windows {
			total += w.TotalTokens
			t.Tokens += w.Tokens[i]
			read, written := float64(w.Bytes[i])/(w.End-w.Start), float64(w.BytesWritten[i])/(w.End-w.Start)
			b.Peak, b.PeakWrite = max(b.Peak, read), max(b.PeakWrite, written)
			if i < len(available) && read+written > float64(available[i]) {
				*b.Above++
			}
		}
		t.TokenHitRate = analyze.Rate(t.Tokens, total)
		if i < len(available) {
			t.Bandwidth = b
		}
		if i < len(available) && available[i] > 0 {
			b.Available, b.AvailableWrite, b.Shared = of(available[i]), of(available[i]), true
		} else {
			b.Above = nil
		}
	}
	return r
}

// apart gives each tier a separate write bandwidth.
func apart(r *analyze.Report, available ...int64) *analyze.Report {
	for i := range r.Tiers {
		b := r.Tiers[i].Bandwidth
		if b.Available == nil {
			continue
		}
		b.AvailableWrite, b.Shared, *b.Above = of(available[i]), false, 0
		for _, w := range r.TierWindows {
			if float64(w.Bytes[i])/b.WindowSeconds > float64(*b.Available) || float64(w.BytesWritten[i])/b.WindowSeconds > float64(available[i]) {
				*b.Above++
			}
		}
	}
	return r
}

// seldom writes only in some of the windows, and once more after the last.
func seldom(windows []analyze.TierWindow) []analyze.TierWindow {
	out := append([]analyze.TierWindow{}, windows...)
	for i := range out {
		if i%40 != 7 {
			out[i].BytesWritten = make([]int64, len(out[i].BytesWritten))
		}
	}
	last := out[len(out)-1]
	none := make([]int64, len(last.Bytes))
	length := last.End - last.Start
	return append(out, analyze.TierWindow{Start: last.End + 10*length, End: last.End + 11*length, Tokens: none, Bytes: none, BytesWritten: windows[7].BytesWritten})
}

func tiersCases() []tiersCase {
	const five = 5 * time.Minute
	const mib = 1 << 20
	three := []float64{.06, .22, .09}
	day := tierDay(200, noon, five, three...)
	gappy := append(append(append([]analyze.TierWindow{}, day[:60]...), day[100]), day[130:]...)
	var many []analyze.TierResult
	shares := make([]float64, 60)
	for i := range shares {
		many = append(many, tier(fmt.Sprintf("tier %d", i+1), 1<<(20+i/2)+int64(i)))
		shares[i] = .05
	}
	long := []analyze.TierResult{tier(strings.Repeat("on-board-memory ", 20), 40<<30), tier("通义千问 \x1b\u202e<&>", 1<<40), tier(strings.Repeat("m", 300), 4<<40)}
	chunks := []analyze.TierResult{{Name: "dram", CapacityChunks: of[int64](5000)}, {Name: "rest"}}
	eight := []int64{0, 100 * mib, 200 * mib, 300 * mib, 400 * mib, 300 * mib, 200 * mib, 100 * mib}
	return []tiersCase{
		{"typical", tiersReport(threeTiers, day, 0, 110*mib, 45*mib)},
		{"apart", apart(tiersReport(threeTiers, day, 0, 110*mib, 45*mib), 0, 100*mib, 80*mib)},
		{"seldom-written", apart(tiersReport(threeTiers, seldom(day), 0, 110*mib, 45*mib), 0, 100*mib, 80*mib)},
		{"one-tier-shared", tiersReport(threeTiers[:1], tierDay(100, noon, five, .4), 250*mib)},
		{"no-bandwidth", tiersReport(threeTiers, day, 0, 0, 0)},
		{"gaps", tiersReport(threeTiers, gappy, 0, 110*mib, 45*mib)},
		{"one-tier", tiersReport(threeTiers[:1], tierDay(100, noon, five, .4), 90*mib)},
		{"two-tiers", tiersReport(threeTiers[:2], tierDay(100, noon, five, .3, .2), 90*mib, 50*mib)},
		{"eight-tiers", tiersReport(many[:8], tierDay(200, noon, five, .1, .1, .1, .1, .1, .1, .1, .1), eight...)},
		{"sixty-tiers", tiersReport(many, tierDay(50, noon, five, shares...))},
		{"long-names", tiersReport(long, day, 60*mib, 110*mib, 45*mib)},
		{"long-names-far", tiersReport(long, day, 60*mib, 110<<30, 45*mib)},
		{"names", worldReport()},
		{"chunks", tiersReport(chunks, tierDay(200, noon, five, .3, .1))},
		{"idle-tier", tiersReport(threeTiers, tierDay(200, noon, five, .2, 0, .1), 0, 100*mib, 45*mib)},
		{"far-bandwidth", tiersReport(threeTiers, day, 2<<40, 200<<30, 5<<30)},
		{"slow", tiersReport(threeTiers, day, 0, 1, 3)},
		{"no-hits", tiersReport(threeTiers, tierDay(200, noon, five, 0, 0, 0), 0, 110*mib, 45*mib)},
		{"all-hits", tiersReport(threeTiers, tierDay(20, noon, five, 0, 0, 10), 0, 110*mib, 45*mib)},
		{"no-windows", tiersReport(threeTiers, nil, 0, 110*mib, 45*mib)},
		{"no-tokens", tiersReport(threeTiers, []analyze.TierWindow{{Start: noon, End: noon + 300, Requests: 1, Tokens: make([]int64, 3), Bytes: make([]int64, 3), BytesWritten: make([]int64, 3)}})},
		{"single-window", tiersReport(threeTiers, day[:1], 0, 110*mib, 45*mib)},
		{"far-apart", tiersReport(threeTiers, []analyze.TierWindow{tierWindow(noon, 300, .1, .2, .3), tierWindow(noon+86400*90, 300, .1, .1, .1)}, 0, 110*mib, 45*mib)},
		{"absurd", tiersReport(threeTiers, []analyze.TierWindow{tierWindow(-1e300, 300, .1, .2, .3), tierWindow(math.NaN(), 300, .1, .1, .1), tierWindow(1e300, 300, .1, .1, .1)}, 0, 110*mib, math.MaxInt64)},
	}
}

// millionTierWindows covers eleven days by the second, with eight tiers with bandwidths.
var millionTierWindows = sync.OnceValue(func() tiersCase {
	var tiers []analyze.TierResult
	for i := range 8 {
		tiers = append(tiers, tier(fmt.Sprintf("tier %d", i+1), 1<<(30+i)))
	}
	const gib = 1 << 30
	return tiersCase{"million", tiersReport(tiers, tierDay(1_000_000, noon, time.Second, .04, .08, .12, .16, .12, .08, .04, .04),
		10*gib, 10*gib, 20*gib, 20*gib, 20*gib, 10*gib, 5*gib, 5*gib)}
})
