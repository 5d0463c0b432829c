package workload

// arrivals is a Poisson process. Times are nanoseconds since the Unix epoch.
type arrivals struct {
	now   uint64
	until uint64 // there are no arrivals from this time on
	gap   uint64 // mean time between two arrivals; if daily, in the busiest hour
	daily bool
}

func newArrivals(o Options) arrivals {
	start := uint64(o.Start.UnixNano())
	a := arrivals{now: start, until: lastArrival, gap: uint64(1e9/o.Rate + 0.5), daily: o.Daily}
	if o.Duration > 0 {
		a.until = min(a.until, start+uint64(o.Duration))
	}
	if o.Daily {
		a.gap = a.gap * average / busiest
	}
	return a
}

// lastArrival is the time up to which microseconds since the epoch fit into a float64.
const lastArrival = 1000 << 53

// next moves on to the next arrival, and returns false if there is none.
func (a *arrivals) next(r *random) bool {
	for {
		a.now += r.length(a.gap)
		if a.now >= a.until {
			return false
		}
		if !a.daily || r.below(busiest*hour) < busy(a.now/1e9) {
			return true
		}
	}
}

// timestamp returns the time of the arrival in seconds, rounded down to microseconds. A division is rounded in the same way
// on every machine.
func (a *arrivals) timestamp() float64 { return float64(a.now/1000) / 1e6 }

const hour = 3600 // seconds

// rhythm is how many requests arrive at each full hour of the day (UTC), in hundredths of the average over a day.
var rhythm = [24]uint64{
	34, 24, 18, 13, 13, 18, 30, 56, 94, 134, 158, 168,
	154, 152, 166, 174, 168, 158, 146, 140, 130, 112, 84, 56,
}

// The largest figure of rhythm, and their average.
const (
	busiest = 174
	average = 100
)

// busy returns how busy a time in seconds is, up to busiest × hour. It is interpolated between full hours.
func busy(second uint64) uint64 {
	h, s := second/hour%24, second%hour
	return rhythm[h]*(hour-s) + rhythm[(h+1)%24]*s
}
