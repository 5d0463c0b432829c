package chart

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"

	"github.com/klauspost/compress/zlib"
)

// writePNG appends im as a PNG file with 8 bits each for red, green and blue. It drops alpha, so im must be opaque. It
// follows the PNG Specification, Third Edition (https://www.w3.org/TR/png-3/).
//
// Flat colours and thin lines compress best unfiltered. image/png tries five filters on every row, which takes about six
// times as long, and on most pictures makes the file larger.
func writePNG(b *bytes.Buffer, im *image.RGBA) error {
	const bitDepth, trueColour, deflate, adaptiveFilters, notInterlaced = 8, 2, 0, 0, 0
	header := binary.BigEndian.AppendUint32(nil, uint32(im.Rect.Dx()))
	header = binary.BigEndian.AppendUint32(header, uint32(im.Rect.Dy()))
	header = append(header, bitDepth, trueColour, deflate, adaptiveFilters, notInterlaced)

	b.WriteString("\x89PNG\r\n\x1a\n")
	start := beginChunk(b, "IHDR")
	b.Write(header)
	endChunk(b, start)

	start = beginChunk(b, "IDAT")
	if err := deflateRows(b, im); err != nil {
		return err
	}
	endChunk(b, start)

	start = beginChunk(b, "IEND")
	endChunk(b, start)
	return nil
}

// Filter types, the first byte of a row.
const (
	filterNone = 0
	filterUp   = 2 // the difference from the row above
)

// deflateRows appends the rows of im, compressed. Only a row that equals the one above is filtered, to zeros.
func deflateRows(b *bytes.Buffer, im *image.RGBA) error {
	w, err := zlib.NewWriterLevel(b, zlib.BestSpeed)
	if err != nil {
		return err
	}
	width := im.Rect.Dx()
	row, unchanged := make([]byte, 1+3*width), make([]byte, 1+3*width)
	row[0], unchanged[0] = filterNone, filterUp
	var above []byte
	for y := range im.Rect.Dy() {
		pixels := im.Pix[y*im.Stride:][:4*width]
		filtered := unchanged
		if !bytes.Equal(pixels, above) {
			dropAlpha(row[1:], pixels)
			filtered = row
		}
		if _, err := w.Write(filtered); err != nil {
			return err
		}
		above = pixels
	}
	return w.Close()
}

// dropAlpha converts pixels from RGBA to RGB.
func dropAlpha(rgb, rgba []byte) {
	for len(rgba) >= 4 && len(rgb) >= 3 {
		rgb[0], rgb[1], rgb[2] = rgba[0], rgba[1], rgba[2]
		rgb, rgba = rgb[3:], rgba[4:]
	}
}

// beginChunk appends the head of a chunk, and returns where it starts.
func beginChunk(b *bytes.Buffer, kind string) (start int) {
	start = b.Len()
	b.WriteString("\x00\x00\x00\x00" + kind)
	return start
}

// endChunk sets the length of the chunk at start, and appends its checksum.
func endChunk(b *bytes.Buffer, start int) {
	chunk := b.Bytes()[start:]
	binary.BigEndian.PutUint32(chunk, uint32(len(chunk)-8))
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk[4:])))
}
