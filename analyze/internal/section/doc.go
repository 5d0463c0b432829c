// Package section reads and writes files that consist of checked sections: the container of summaries and states.
//
// A [Writer] begins a part of the file with a tag and then writes values. A [Reader] meets the parts in the same order, and reads the values
// in the order in which they were written. Neither knows what the values mean. Both work front to back, and keep one section in memory.
//
// # Format
//
// A file begins with eight bytes of [Magic] and four of the version. Sections follow. All fixed numbers are little-endian. A section is
//
//	tag       4 bytes
//	length    4 bytes: of the payload; the highest bit says that the payload is compressed
//	payload
//	checksum  8 bytes: XXH3-64 of the three fields before
//
// Before compression a payload has at most [MaxPayload] bytes. A compressed one consists of zstd frames; what they contain, skippable
// frames apart, has at most [MaxPayload] bytes, and is at most [MaxRatio] times as long as the payload. So a short file cannot make a reader
// allocate much.
//
// The payloads of consecutive sections with one tag are one part of the file. Numbers do not straddle sections, texts may:
//
//	unsigned integer  varint: 7 bits a byte, the lowest first; all bytes but the last have their highest bit set
//	integer           varint of 2n, or −2n − 1 for a negative one
//	float             8 bytes, IEEE 754
//	fixed integer     8 bytes
//	bool              1 byte, 0 or 1
//	text              its length as a varint, and its bytes
//
// The last section has the tag "END " and a payload of two fixed integers: the number of sections before it, and the XXH3-64 of their
// checksums. Nothing follows it. A file without it is truncated.
//
// These numbers are part of the format and must not be changed.
package section

const (
	// Magic begins every file. A transfer as text breaks it: a byte above 127, a line end of each kind, and the end-of-file of DOS.
	Magic = "\x89HLS\r\n\x1a\n"
	// Version is that of the container and of what the parts mean. A reader knows no other one.
	Version = 1
	// MaxPayload is the largest length of a payload before compression, in bytes.
	MaxPayload = 1 << 20
	// MaxRatio is how many times longer a payload may be before compression.
	MaxRatio = 64
)

const (
	tagBytes    = 4
	headerBytes = tagBytes + 4
	sumBytes    = 8
	endTag      = "END "
	endBytes    = 16
	compressed  = 1 << 31 // in the length

	// maxNumber is the most bytes that a number takes.
	maxNumber = 10
)
