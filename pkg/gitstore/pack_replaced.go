package gitstore

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What was put together stays beside the pack that it became until there is so much again. A list says what that is. It
// is a hint and no more: where it is lost, cut short or wrong, packs that could go are put together once more.

func (s *Store) gatheredPath() string { return filepath.Join(s.PrivateDir(), "gathered") }

// leaveGathered lists the packs that one has replaced, after that.
func (s *Store) leaveGathered(into string, packs []string) error {
	var list strings.Builder
	for _, name := range append([]string{into}, packs...) {
		if name != into || list.Len() == 0 { // one that held all the others was made again
			list.WriteString(filepath.Base(name) + "\n")
		}
	}
	return os.WriteFile(s.gatheredPath(), []byte(list.String()), 0o666)
}

// gathered reads the list: the packs, with the folder, without an ending, and the one that replaces them. There are none
// where that one is gone.
func (s *Store) gathered() (into string, packs []string) {
	raw, err := os.ReadFile(s.gatheredPath())
	if err != nil {
		return "", nil
	}
	for name := range strings.Lines(string(raw)) {
		id, _ := strings.CutPrefix(name, "pack-")
		if id, _ = strings.CutSuffix(id, "\n"); !isObjectName(id) || name != "pack-"+id+"\n" {
			return "", nil
		}
		packs = append(packs, filepath.Join(s.packs(), "pack-"+id))
	}
	if len(packs) == 0 || !exists(packs[0]+".pack") || !exists(packs[0]+".idx") {
		return "", nil
	}
	return packs[0], packs[1:]
}

// removeReplaced removes packs, each object of which lies in another one, too. What cannot be removed counts as a small
// pack again.
func removeReplaced(packs []string, into string) {
	kept, err := wholeObjects(into)
	if err != nil {
		return
	}
	held := map[string]bool{}
	for _, o := range kept {
		held[o.id] = true
	}
	for _, name := range packs {
		if name == into || !listsOnly(name, held) {
			continue
		}
		// In this order git removes what a crash leaves, an index without a pack, and so does the next write.
		if os.Remove(name+".pack") == nil {
			_ = os.Remove(name + ".idx")
		}
	}
}

// listsOnly reports whether a pack lists none but these objects.
func listsOnly(name string, these map[string]bool) bool {
	p, err := openPack(name, nil)
	if err != nil {
		return false
	}
	defer func() { _ = p.close() }() // opened for reading
	list, err := p.list()
	return err == nil && !slices.ContainsFunc(list, func(o listed) bool { return !these[o.id] })
}
