package analyze

// forecast estimates how many unique chunks a log has, from a part of it. It assumes that new chunks go on coming at the rate
// of the last half to three quarters of that part, since the rate falls as a cache warms up.
type forecast struct {
	earlier, later sample
}

// sample is how many unique chunks there were after some of a log.
type sample struct {
	bytes  int64 // read
	unique int64
}

// add takes the latest sample, and estimates the number of unique chunks after total bytes. It returns 0 if there is no
// telling; total is -1 if unknown.
func (f *forecast) add(now sample, total int64) (unique int64) {
	if now.bytes >= 2*f.later.bytes {
		f.earlier, f.later = f.later, now
	}
	read := now.bytes - f.earlier.bytes
	if total < now.bytes || read <= 0 {
		return 0
	}
	perByte := float64(now.unique-f.earlier.unique) / float64(read)
	return now.unique + int64(perByte*float64(total-now.bytes))
}
