package gitstore

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"strconv"
	"strings"
)

// An index can hold the names of the trees that its entries make up, so that git need not make them
// again. Where our entries are added they are no longer right, and are left out.

var errCacheTree = errors.New("damaged list of trees")

// maxDepth bounds how deep folders lie in each other.
const maxDepth = 1000

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
	rest, err := invalidateTree(&out, data, paths, 0)
	if err == nil && len(rest) > 0 {
		err = errCacheTree
	}
	return out.Bytes(), err
}

// invalidateTree does so for one tree, which the paths lead through, and for those below it.
func invalidateTree(out *bytes.Buffer, data []byte, paths []string, depth int) ([]byte, error) {
	t, data, err := nextTree(data)
	if err != nil || depth > maxDepth {
		return nil, errCacheTree
	}
	out.Write(t.name)
	out.WriteString("\x00-1 " + strconv.Itoa(t.subtrees) + "\n")
	for range t.subtrees {
		child, _, _ := bytes.Cut(data, []byte{0})
		var below []string
		for _, p := range paths {
			if len(p) > len(child) && p[len(child)] == '/' && p[:len(child)] == string(child) {
				below = append(below, strings.TrimPrefix(p, string(child)+"/"))
			}
		}
		if len(below) > 0 {
			data, err = invalidateTree(out, data, below, depth+1)
		} else {
			before := data
			data, err = skipTree(data)
			out.Write(before[:len(before)-len(data)])
		}
		if err != nil {
			return nil, err
		}
	}
	return data, nil
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
