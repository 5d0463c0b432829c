//go:build !amd64 || purego

package line

// hasKernels reports whether there is a faster way than the portable one.
const hasKernels = false

// fingerprints stores the fingerprints of the hashes that text begins with in dst, as long as
// they are of stride s and another hash follows, and returns their number. text must be as
// long as len(dst) hashes, the gaps between them and gapMost bytes.
func fingerprints(dst []uint64, text []byte, s *stride) int {
	return fingerprintsPortable(dst, text, s)
}

// mixed consumes nothing: searching for quotes is as fast here.
func mixed([]uint64, []byte, *stride) (n, size int) { return 0, 0 }
