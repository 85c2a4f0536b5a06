package gitstore

import (
	"container/heap"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Git's history, read in this process: what came before a commit, where two histories met, and what a
// commit changed. The git program is faster at it in a long history; this is for where there is none.

// pastCommit is what a commit says of itself.
type pastCommit struct {
	id string
	commitHead
}

// past reads commits and folders of one repository.
type past struct {
	snap    *Snapshot
	here    *here // what it reads
	commits map[string]pastCommit
	cut     map[string]bool // commits of a clone that holds only a part of history, whose parents it lacks
}

// past opens the repository for reading its history. The caller closes it.
func (s *Store) past() (*past, error) {
	snap, err := s.openAt("")
	if err != nil {
		return nil, err
	}
	source, ok := snap.source.(*here)
	if !ok {
		return nil, errors.Join(rare("its format is another one"), snap.Close())
	}
	p := &past{snap: snap, here: source, commits: map[string]pastCommit{}, cut: map[string]bool{}}
	raw, err := os.ReadFile(filepath.Join(s.commonDir, "shallow"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(writeError(err), p.close())
	}
	for id := range strings.FieldsSeq(string(raw)) {
		p.cut[id] = true
	}
	return p, nil
}

func (p *past) close() error { return p.snap.Close() }

func (p *past) commit(id string) (pastCommit, error) {
	if c, ok := p.commits[id]; ok {
		return c, nil
	}
	head, err := p.snap.commit(id)
	if err != nil {
		return pastCommit{}, fmt.Errorf("read commit %s: %w", id, err)
	}
	c := pastCommit{id, head}
	if p.cut[id] {
		c.parents = nil
	}
	p.commits[id] = c
	return c, nil
}

// byTime are commits that wait for their turn: the latest comes first.
type byTime []pastCommit

func (b byTime) Len() int           { return len(b) }
func (b byTime) Less(i, j int) bool { return b[i].when.After(b[j].when) }
func (b byTime) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *byTime) Push(c any)        { *b = append(*b, c.(pastCommit)) }
func (b *byTime) Pop() any {
	last := (*b)[len(*b)-1]
	*b = (*b)[:len(*b)-1]
	return last
}

// walk visits commits, each once, later ones first. visit says with which parents to go on.
func (p *past) walk(tips []string, visit func(pastCommit) ([]string, error)) error {
	met, waiting := map[string]bool{}, &byTime{}
	add := func(ids []string) error {
		for _, id := range ids {
			if id == "" || met[id] {
				continue
			}
			met[id] = true
			c, err := p.commit(id)
			if err != nil {
				return err
			}
			heap.Push(waiting, c)
		}
		return nil
	}
	err := add(tips)
	for err == nil && waiting.Len() > 0 {
		var next []string
		if next, err = visit(heap.Pop(waiting).(pastCommit)); err == nil {
			err = add(next)
		}
	}
	return err
}

// upTo are the commits themselves, and all that came before them.
func (p *past) upTo(tips ...string) (map[string]bool, error) {
	all := map[string]bool{}
	err := p.walk(tips, func(c pastCommit) ([]string, error) {
		all[c.id] = true
		return c.parents, nil
	})
	return all, err
}

// base is a newest commit that both have come from, "" where their histories never met.
func (p *past) base(a, b string) (string, error) {
	ours, err := p.upTo(a)
	if err != nil {
		return "", err
	}
	var met []string
	err = p.walk([]string{b}, func(c pastCommit) ([]string, error) {
		if ours[c.id] {
			met = append(met, c.id)
			return nil, nil
		}
		return c.parents, nil
	})
	if err != nil {
		return "", err
	}
	for i, id := range met { // of several, one that came before another is not the newest
		others, err := p.upTo(append(append([]string{}, met[:i]...), met[i+1:]...)...)
		if err != nil || !others[id] {
			return id, err
		}
	}
	return "", nil
}

// folder is what a folder's tree is called in a commit, "" where there is none.
func (p *past) folder(tree, dir string) (string, error) {
	at := *p.snap
	at.tree = tree
	id, err := at.find(dir, Folder)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return id, err
}

// leadsTo lists the objects that a commit leads to, without those of commits that are known already. An
// object that is missing is an error.
func (p *past) leadsTo(tip string, known map[string]bool) ([]string, error) {
	seen := map[string]bool{}
	var ids []string
	take := func(id string) bool {
		if seen[id] {
			return false
		}
		seen[id] = true
		ids = append(ids, id)
		return true
	}
	var collect func(was, is string) error
	collect = func(was, is string) error {
		if was == is || !take(is) {
			return nil
		}
		before, err := p.snap.items(was)
		if err != nil {
			return err
		}
		after, err := p.snap.items(is)
		if err != nil {
			return err
		}
		old := map[string]Item{}
		for _, it := range before {
			old[it.Name] = it
		}
		for _, it := range after {
			last := old[it.Name]
			switch {
			case last.Object == it.Object || it.mode == "160000": // another repository, which is not ours to hold
			case it.Kind != Folder:
				take(it.id())
			case last.Kind == Folder:
				err = errors.Join(err, collect(last.id(), it.id()))
			default:
				err = errors.Join(err, collect("", it.id()))
			}
		}
		return err
	}
	err := p.walk([]string{tip}, func(c pastCommit) ([]string, error) {
		if known[c.id] {
			return nil, nil
		}
		take(c.id)
		was := ""
		if len(c.parents) > 0 {
			first, err := p.commit(c.parents[0])
			if err != nil {
				return nil, err
			}
			was = first.tree
		}
		return c.parents, collect(was, c.tree)
	})
	return ids, err
}
