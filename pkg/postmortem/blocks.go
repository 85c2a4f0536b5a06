package postmortem

import (
	"fmt"
	"strings"

	"incident/pkg/pattern"
)

// Block is a part of a document that comes from the record: what stands between its two marked lines.
type Block struct {
	Name       string
	Line       int // of the line that begins it, from 1
	Start, End int // the bytes between the two lines
}

// marker is a line that begins or ends a block.
var marker = pattern.New(`^<!-- incident:(begin|end) ([a-z][a-z0-9-]*) -->\r?$`)

// Blocks finds the blocks of a document, in their order. Where their lines do not pair, or a name comes
// twice, it says where, and returns the blocks that are sound up to there.
func Blocks(doc []byte) ([]Block, error) {
	var found []Block
	var open *Block
	text, line, at := string(doc), 0, 0
	for l := range strings.Lines(text) {
		line++
		start := at
		at += len(l)
		m := marker.FindStringSubmatch(strings.TrimSuffix(l, "\n"))
		if m == nil {
			continue
		}
		switch begins, name := m[1] == "begin", m[2]; {
		case begins && open != nil:
			return found, fmt.Errorf("line %d begins the block %q inside %q, which line %d began", line, name, open.Name, open.Line)
		case begins:
			for _, b := range found {
				if b.Name == name {
					return found, fmt.Errorf("line %d begins the block %q again, after line %d", line, name, b.Line)
				}
			}
			open = &Block{Name: name, Line: line, Start: at}
		case open == nil:
			return found, fmt.Errorf("line %d ends the block %q, which nothing began", line, name)
		case open.Name != name:
			return found, fmt.Errorf("line %d ends the block %q inside %q, which line %d began", line, name, open.Name, open.Line)
		default:
			open.End = start
			found = append(found, *open)
			open = nil
		}
	}
	if open != nil {
		return found, fmt.Errorf("nothing ends the block %q, which line %d began", open.Name, open.Line)
	}
	return found, nil
}
