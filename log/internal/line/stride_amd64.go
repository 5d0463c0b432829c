//go:build amd64 && !purego

package line

import "golang.org/x/sys/cpu"

// hasKernels reports whether this machine can run the code in stride_amd64.s.
var hasKernels = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2

// fingerprints stores the fingerprints of the hashes that text begins with in dst, as long as
// they are of stride s and another hash follows, and returns their number. text must be as
// long as len(dst) hashes, the gaps between them and gapMost bytes.
func fingerprints(dst []uint64, text []byte, s *stride) int {
	digits := s.width - s.prefix
	switch {
	case !hasKernels:
	case s.width <= 32 && digits >= 16:
		return fingerprints32(dst, text, s)
	case s.width > 32 && s.width <= 64 && digits >= 32:
		return fingerprints64(dst, text, s)
	case s.width > 64 && digits <= 64:
		return fingerprints66(dst, text, s)
	}
	return fingerprintsPortable(dst, text, s)
}

// fingerprints32 is for 16 digits or more in at most 32 bytes.
//
//go:noescape
func fingerprints32(dst []uint64, text []byte, s *stride) (n int)

// fingerprints64 is for 32 digits or more in 33 to 64 bytes.
//
//go:noescape
func fingerprints64(dst []uint64, text []byte, s *stride) (n int)

// fingerprints66 is for at most 64 digits in more than 64 bytes.
//
//go:noescape
func fingerprints66(dst []uint64, text []byte, s *stride) (n int)

// mixed is fingerprints for hashes of mixedLeast to mixedMost bytes, of either sign, with the
// gap of s between them. It also returns the number of bytes of text it has consumed.
func mixed(dst []uint64, text []byte, s *stride) (n, size int) {
	if !hasKernels || len(text) < mixedAhead {
		return 0, 0
	}
	return fingerprintsMixed(dst, text, s)
}

//go:noescape
func fingerprintsMixed(dst []uint64, text []byte, s *stride) (n, size int)
