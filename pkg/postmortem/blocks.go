package postmortem

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"incident/pkg/pattern"
)

// Block is a part of a document that comes from the record: what stands between its two marked lines.
type Block struct {
	Name       string
	Line       int    // of the line that begins it, from 1
	Start, End int    // the bytes between the two lines
	Sum        string // of what was made there, as the first line tells it; "" where it does not
	mark       int    // where that line begins
}

// sum tells whether what stands in a block is what was made there. Ends of lines do not count.
func sum(made []byte) string {
	s := sha256.Sum256(bytes.TrimSpace(bytes.ReplaceAll(made, []byte("\r\n"), []byte("\n"))))
	return hex.EncodeToString(s[:4])
}

// untouched reports whether what stands in a block was made there.
func (b Block) untouched(doc []byte) bool { return b.Sum == sum(doc[b.Start:b.End]) }

// seal writes into the first line of each block the sum of what it holds, so that a change by hand is seen.
func seal(doc []byte) ([]byte, error) {
	blocks, err := Blocks(doc)
	if err != nil {
		return nil, err
	}
	for _, b := range slices.Backward(blocks) {
		doc = slices.Concat(doc[:b.mark], []byte(b.begin(doc)), doc[b.Start:])
	}
	return doc, nil
}

// begin is the first line of a block with the sum of what it holds now.
func (b Block) begin(doc []byte) string {
	end := "\n"
	if bytes.HasSuffix(doc[b.mark:b.Start], []byte("\r\n")) {
		end = "\r\n"
	}
	return "<!-- incident:begin " + b.Name + " " + sum(doc[b.Start:b.End]) + " -->" + end
}

// marker is a line that begins or ends a block.
var marker = pattern.New(`^<!-- incident:(begin|end) ([a-z][a-z0-9-]*)(?: ([0-9a-f]{8}))? -->\r?$`)

// almost is the beginning of a line that was meant as a marked one. What it would keep from readers must not depend on its
// spelling.
var almost = pattern.New(`(?i)<!-*\s*incident[\s:_-]*(?:begin|end|internal)\b`)

// internalMark keeps the section that it stands in from being published.
const internalMark = "<!-- incident:internal -->"

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
			if strings.TrimSpace(l) != internalMark && open == nil && almost.MatchString(l) && (!strings.HasPrefix(l, ">") || strings.Contains(strings.ToLower(l), "internal")) {
				return found, fmt.Errorf("line %d is almost a marked line; write %s, <!-- incident:begin NAME --> or <!-- incident:end NAME --> and nothing else, or take it out", line, internalMark)
			}
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
			open = &Block{Name: name, Line: line, Start: at, Sum: m[3], mark: start}
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
