//go:build !amd64 || purego

package log

// hasKernels tells whether this machine has a faster way than the portable one.
const hasKernels = false

// fingerprints puts the fingerprints of the hashes that text begins with into
// dst, as long as they are of stride s and another follows. It returns how many
// those are. dst has room for all that text holds: text must be as long as
// len(dst) hashes, the gaps between them and gapMost bytes.
func fingerprints(dst []uint64, text []byte, s *stride) int {
	return fingerprintsPortable(dst, text, s)
}

// mixed is there for machines on which searching for quotes takes longer.
func mixed([]uint64, []byte, *stride) (n, size int) { return 0, 0 }
