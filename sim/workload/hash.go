package workload

import "encoding/binary"

// golden is 2⁶⁴ over the golden ratio, made odd: its multiples are spread evenly.
const golden = 0x9e3779b97f4a7c15

// mix is a permutation of the 64-bit numbers that looks random: the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chunkHash fills dst, a number of 8-byte words, with the hash of chunk i of a lineage: a system prompt or a conversation.
// As with real hashes, two of n chunks may have the same hash, with a probability of about n²/2⁶⁵.
func chunkHash(dst []byte, lineage uint64, i int) {
	key := mix(lineage + uint64(i)*golden)
	for len(dst) >= 8 {
		binary.BigEndian.PutUint64(dst, mix(key))
		key += golden
		dst = dst[8:]
	}
}

const hexDigits = "0123456789abcdef"

// appendHex appends x as sixteen hexadecimal digits.
func appendHex(dst []byte, x uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[x>>shift&15])
	}
	return dst
}
