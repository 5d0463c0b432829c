package analyze

import (
	"encoding/binary"

	"github.com/klauspost/compress/zstd"
	"github.com/zeebo/xxh3"

	"hashlog/analyze/internal/section"
)

// plainSection is a section of a file, decompressed.
type plainSection struct {
	tag     string
	payload []byte
}

// beginning is how long the magic and the version are.
const beginning = len(section.Magic) + 4

// sectionsOf returns the sections of a file, but for its end, as far as they can be told apart.
func sectionsOf(file []byte) (list []plainSection) {
	unpacker, _ := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(section.MaxPayload))
	defer unpacker.Close()
	for rest := file[min(beginning, len(file)):]; len(rest) >= 8; {
		n := binary.LittleEndian.Uint32(rest[4:])
		packed := n>>31 == 1
		n = min(n&^(1<<31), uint32(len(rest)-8))
		s := plainSection{string(rest[:4]), rest[8:][:n]}
		if packed {
			s.payload, _ = unpacker.DecodeAll(s.payload, nil)
		}
		if s.tag != "END " {
			list = append(list, s)
		}
		rest = rest[min(8+int(n)+8, len(rest)):]
	}
	return list
}

// resealed returns a file of sections, none compressed, with the checksums and the end that they have.
func resealed(list []plainSection) []byte {
	file := binary.LittleEndian.AppendUint32([]byte(section.Magic), section.Version)
	var sums []byte
	add := func(s plainSection) uint64 {
		begin := len(file)
		file = append(file, s.tag...)
		file = binary.LittleEndian.AppendUint32(file, uint32(len(s.payload)))
		file = append(file, s.payload...)
		sum := xxh3.Hash(file[begin:])
		file = binary.LittleEndian.AppendUint64(file, sum)
		return sum
	}
	n := uint64(0)
	for _, s := range list {
		n++
		sums = binary.LittleEndian.AppendUint64(sums, add(s))
	}
	end := binary.LittleEndian.AppendUint64(nil, n)
	add(plainSection{"END ", binary.LittleEndian.AppendUint64(end, xxh3.Hash(sums))})
	return file
}
