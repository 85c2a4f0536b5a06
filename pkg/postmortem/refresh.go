package postmortem

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrDocument reports a document in which the parts of people and of the record cannot be told apart.
var ErrDocument = errors.New("the postmortem cannot be read")

// Refreshed is a document whose blocks tell what the record tells now.
type Refreshed struct {
	Doc     []byte
	Changed []string // blocks that were made anew
	Kept    []string // blocks that somebody has changed by hand, and that would be otherwise
	Missing []string // blocks of the template that the document does not have
}

// Refresh makes the blocks of a document anew, from a fresh draft of the same incident. Every byte outside of them stays.
// A block that somebody has changed is kept, unless it is in force.
func Refresh(doc, fresh []byte, force []string) (Refreshed, error) {
	if err := conflicts(doc); err != nil {
		return Refreshed{}, err
	}
	old, err := Blocks(doc)
	if err != nil {
		return Refreshed{}, fmt.Errorf("%w: %w", ErrDocument, err)
	}
	made, err := Blocks(fresh)
	if err != nil {
		return Refreshed{}, fmt.Errorf("%w: %w", ErrDocument, err)
	}
	r := Refreshed{Doc: bytes.Clone(doc)}
	for _, b := range slices.Backward(old) {
		n := slices.IndexFunc(made, func(m Block) bool { return m.Name == b.Name })
		if n < 0 {
			continue // of another template: the record says nothing of it
		}
		content := fresh[made[n].Start:made[n].End]
		same := sum(content) == sum(doc[b.Start:b.End])
		switch {
		case same && b.Sum == made[n].Sum:
			continue
		case same:
		case b.untouched(doc), slices.Contains(force, b.Name):
			r.Changed = append(r.Changed, b.Name)
		default:
			r.Kept = append(r.Kept, b.Name)
			continue
		}
		if bytes.HasSuffix(doc[b.mark:b.Start], []byte("\r\n")) {
			content = bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))
		}
		if same {
			content = doc[b.Start:b.End]
		}
		begin := bytes.TrimRight(doc[b.mark:b.Start], "\r\n")
		line := "<!-- incident:begin " + b.Name + " " + sum(content) + " -->" + string(doc[b.mark+len(begin):b.Start])
		r.Doc = slices.Concat(r.Doc[:b.mark], []byte(line), content, r.Doc[b.End:])
	}
	for _, m := range made {
		if !slices.ContainsFunc(old, func(b Block) bool { return b.Name == m.Name }) {
			r.Missing = append(r.Missing, m.Name)
		}
	}
	slices.Reverse(r.Changed)
	slices.Reverse(r.Kept)
	return r, nil
}

// conflicts finds what git leaves in a file that two people have changed.
func conflicts(doc []byte) error {
	n := 0
	for line := range strings.Lines(string(doc)) {
		n++
		if strings.HasPrefix(line, "<<<<<<< ") || strings.HasPrefix(line, ">>>>>>> ") {
			return fmt.Errorf("%w: line %d is left of a conflict; settle it, then git add and git commit", ErrDocument, n)
		}
	}
	return nil
}
