package analyze

// forecast estimates how many unique chunks a log has, from a part of it. The rate at which new chunks come is taken from
// the second half of that part or less: it falls while caches would warm up.
type forecast struct {
	earlier, later sample
}

// sample is how many unique chunks there were after some of a log.
type sample struct {
	bytes  int64 // read
	unique int64
}

// add takes the number of unique chunks after so many more bytes, and returns an estimate of their number after total bytes;
// 0 if total is unknown, which is -1.
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
