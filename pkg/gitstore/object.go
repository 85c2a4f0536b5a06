package gitstore

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/adler32"
	"io"
)

// newObject is one of git's objects that is to be written.
type newObject struct {
	id  string
	raw []byte // as it lies in a pack
}

// squeezed is from how many bytes on an object is compressed. What is smaller saves little until git packs it anew,
// which compresses it anyway; and the compressor's tables, 1.2 MB, cost more than all the rest of a note. A folder of 700
// entries is below it, and one block of a stream that is not compressed holds it.
const squeezed = 60_000

// encode makes an object of a content.
func encode(kind string, content []byte) (newObject, error) {
	raw, err := stored(content), error(nil)
	if len(content) >= squeezed {
		raw, err = compressed(content)
	}
	return newObject{id: objectID(kind, content), raw: append(packHead(kind, len(content)), raw...)}, err
}

// packHead is what stands before an object in a pack: its kind, and how many bytes it has, the lowest four bits first.
func packHead(kind string, size int) []byte {
	b := byte(size & 15)
	for number, name := range kinds {
		if name == kind {
			b |= number << 4
		}
	}
	var head []byte
	for size >>= 4; size > 0; size >>= 7 {
		head = append(head, b|0x80)
		b = byte(size & 0x7f)
	}
	return append(head, b)
}

// stored is a zlib stream of one block that is not compressed (RFC 1950, RFC 1951 3.2.4). The standard library
// makes one too, with 650 KB of tables that it does not use then.
func stored(plain []byte) []byte {
	n := uint16(len(plain))
	out := append(make([]byte, 0, len(plain)+storedHead+4), 0x78, 0x01, 0x01)
	out = binary.LittleEndian.AppendUint16(out, n)
	out = binary.LittleEndian.AppendUint16(out, ^n)
	out = append(out, plain...)
	return be.AppendUint32(out, adler32.Checksum(plain))
}

// storedHead is how many bytes stand before the content of such a stream.
const storedHead = 7

// isStored reports whether a stream is such a one, by its head.
func isStored(head []byte) bool {
	return head[0] == 0x78 && head[1] == 0x01 && head[2] == 0x01 &&
		binary.LittleEndian.Uint16(head[3:]) == ^binary.LittleEndian.Uint16(head[5:])
}

// plainly reads a stream that is stored, to its end.
func plainly(in io.Reader) (io.Reader, error) {
	head := make([]byte, storedHead)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, err
	}
	raw := make([]byte, int(binary.LittleEndian.Uint16(head[3:]))+4)
	if _, err := io.ReadFull(in, raw); err != nil {
		return nil, err
	}
	content := raw[:len(raw)-4]
	if adler32.Checksum(content) != be.Uint32(raw[len(content):]) {
		return nil, zlib.ErrChecksum
	}
	return bytes.NewReader(content), nil
}

func compressed(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestSpeed) // as git does
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}
