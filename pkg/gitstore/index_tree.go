package gitstore

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// An index can hold the names of the trees that its entries make up, so that git need not make them
// again. Where our entries are added they are no longer right, and are left out.

var errCacheTree = errors.New("damaged list of trees")

// maxDepth bounds how deep folders lie in each other.
const maxDepth = 1000

// treeDepth is how deep the list goes: the days of a record. The trees below are many, and are made anew
// faster than their names are carried along with each commit.
const treeDepth = 4

// cachedTree is one tree of the list; those below it follow.
type cachedTree struct {
	name     []byte
	entries  int // -1: not known
	subtrees int
	id       []byte
}

func nextTree(data []byte) (t cachedTree, rest []byte, err error) {
	name, data, ok1 := bytes.Cut(data, []byte{0})
	entries, data, ok2 := bytes.Cut(data, []byte{' '})
	subtrees, data, ok3 := bytes.Cut(data, []byte{'\n'})
	t.name = name
	t.entries, err = strconv.Atoi(string(entries))
	if err == nil {
		t.subtrees, err = strconv.Atoi(string(subtrees))
	}
	if t.entries >= 0 && len(data) >= sha1.Size {
		t.id, data = data[:sha1.Size], data[sha1.Size:]
	}
	if err != nil || !ok1 || !ok2 || !ok3 || t.entries >= 0 && t.id == nil {
		return t, nil, errCacheTree
	}
	return t, data, nil
}

// invalidate returns the list without the names of the trees on the paths.
func invalidate(data []byte, paths []string) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(data))
	rest, err := writeTree(&out, data, paths, 0)
	if err == nil && len(rest) > 0 {
		err = errCacheTree
	}
	return out.Bytes(), err
}

// writeTree does so for one tree and for those below it. Without paths, it is right as it is.
func writeTree(out *bytes.Buffer, data []byte, paths []string, depth int) ([]byte, error) {
	t, data, err := nextTree(data)
	if err != nil || depth > maxDepth || t.subtrees < 0 {
		return nil, errCacheTree
	}
	if len(paths) > 0 {
		t.entries, t.id = -1, nil
	}
	below := t.subtrees
	if depth == treeDepth {
		below = 0
	}
	out.Write(t.name)
	fmt.Fprintf(out, "\x00%d %d\n", t.entries, below)
	out.Write(t.id)
	for range t.subtrees {
		if depth == treeDepth {
			data, err = skipTree(data)
		} else {
			child, _, _ := bytes.Cut(data, []byte{0})
			data, err = writeTree(out, data, pathsBelow(paths, string(child)), depth+1)
		}
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}

// pathsBelow are the paths that lead through a folder, from there on.
func pathsBelow(paths []string, folder string) (below []string) {
	for _, p := range paths {
		if rest, ok := strings.CutPrefix(p, folder+"/"); ok {
			below = append(below, rest)
		}
	}
	return below
}

// skipTree passes over a tree and those below it.
func skipTree(data []byte) (rest []byte, err error) {
	for left := 1; left > 0; left-- {
		var t cachedTree
		if t, data, err = nextTree(data); err != nil {
			return nil, err
		}
		if t.subtrees < 0 || t.subtrees > len(data) {
			return nil, errCacheTree
		}
		left += t.subtrees
	}
	return data, nil
}
