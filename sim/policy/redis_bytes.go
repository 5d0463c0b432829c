package policy

import "math/bits"

// What Redis and Valkey count for a chunk of so many bytes against maxmemory. The value is a string (sds) with a header and
// an end, in the smallest size class of jemalloc that holds it. The bytes besides are those of a key of 64 bytes:
//
//	                          Redis 7.0.15               Valkey 8.0.1
//	its entry in the table    24, dict.h                 85 in 96 with the key, dict.c
//	the key                   68 in 80, sds.h
//	the object                16, robj of server.h       16
//	its bucket                8, where each has a key    8
//
// They matter below a few KiB. What a server takes whatever it holds, a table with up to two buckets a key, and the buffers of
// its clients are not counted. Read on 2026-11-28. Debian's Redis 7.0.15, whose jemalloc 5.3.0 has no class of 24 bytes, takes 12 bytes
// more (used_memory, 8 keys each of 1000, 4096, 20,000 and 100,000 bytes and of 3, 5 and 80 MiB).
const (
	redisKeyBytes  = 24 + 80 + 16 + 8
	valkeyKeyBytes = 96 + 16 + 8
)

const (
	redisBytesText  = "jemalloc rounds a value up to {1, 1.25, 1.5, 1.75} · 2^k bytes, and its key takes 128 bytes"
	valkeyBytesText = "jemalloc rounds a value up to {1, 1.25, 1.5, 1.75} · 2^k bytes, and its key takes 120 bytes"
)

func redisBytes(size int64) int64 { return serverBytes(size, redisKeyBytes) }

func valkeyBytes(size int64) int64 { return serverBytes(size, valkeyKeyBytes) }

// serverBytes returns what a chunk takes with a key of so many bytes. The value has a header of 9 bytes, an end of 1, and 2 more for the
// end of the line in the protocol, since a large value stays in the buffer in which it was read (processMultibulkBuffer of
// networking.c).
func serverBytes(size, key int64) int64 {
	if size > 1<<61 {
		return size // more than there is
	}
	return sizeClass(size+9+1+2) + key
}

// sizeClass returns the smallest size class of jemalloc that holds n bytes, 0 < n ≤ 2^62: multiples of 8 up to 32, then four in
// each power of two, {1.25, 1.5, 1.75, 2} · 2^k (sc.h of jemalloc 5.2.1 and 5.3.0, built with --with-lg-quantum=3 by
// deps/Makefile of Redis 7.0.15 and Valkey 8.0.1).
func sizeClass(n int64) int64 {
	step := int64(1) << max(3, bits.Len64(uint64(n-1))-3)
	return (n + step - 1) / step * step
}
