package main

import (
	"fmt"
	"math/rand/v2"
)

// What ends a write that was cut short can be cut short too, or fail.

// most is how many of the pairs are tried: there are tens of thousands.
const most = 400

// againPoints lists pairs: a write is killed at one call, and the next command meets a kill or a fault at
// another.
func (h *harness) againPoints() error {
	for _, part := range []string{"again", "refault"} {
		for _, c := range h.combinations(part, []string{"plain", "hook"}, []string{"note", "postmortem"}) {
			calls, whole, err := h.recordAll(c.kind, c.write)
			if err != nil {
				return err
			}
			if part == "again" {
				h.pairs(part, c, pick(calls, changes), pick(calls, changes), "", func(b *box, first, second int, o *outcome) error {
					return killedAgain(b, c.write, first, second, whole, o)
				})
				continue
			}
			for _, f := range faults {
				h.pairs(part, c, pick(calls, changes), pick(calls, f.counts), f.name+".", func(b *box, first, second int, o *outcome) error {
					return failedAgain(b, c.write, first, injection{at: second, counts: f.counts, fail: f.errno, on: second%2 == 0}, f, whole, o)
				})
			}
		}
	}
	return nil
}

func (h *harness) pairs(part string, c combination, first, second []*call, word string, try func(b *box, first, second int, o *outcome) error) {
	// A recovery makes more calls than the write alone.
	for i := range first {
		for j := range len(second) * 3 / 2 {
			h.add(part, c.kind, c.write, fmt.Sprintf("%s%d.%d", word, i+1, j+1), first[i].label(h.boxes[0].dir), func(b *box, o *outcome) error {
				return try(b, i+1, j+1, o)
			})
		}
	}
}

const markSecond = "mark-second"

var second = write{"note", []string{"note", "--key", "second", markSecond}}

// killedAgain kills a write and the command after it.
func killedAgain(b *box, w write, first, then, whole int, o *outcome) error {
	c := claim{whole: []int{whole, 1}}
	r, err := trace(b.program(b.args(w)...), injection{at: first, kill: family}, nil)
	if err != nil {
		return err
	}
	c.takes(w, r, o)
	r2, err := trace(b.program(b.args(second)...), injection{at: then, kill: family}, nil)
	if err != nil {
		return err
	}
	c.takes(second, r2, o)
	next := b.next(&c, r.children || r2.children)
	o.acknowledged += len(c.done)
	if next != nil {
		return next
	}
	return b.check(c)
}

// failedAgain kills a write, and lets the command after it fail.
func failedAgain(b *box, w write, first int, in injection, f fault, whole int, o *outcome) error {
	c := claim{whole: []int{whole, 1}}
	r, err := trace(b.program(b.args(w)...), injection{at: first, kill: family}, nil)
	if err != nil {
		return err
	}
	c.takes(w, r, o)
	r2, err := trace(b.program(b.args(second)...), in, nil)
	if err != nil {
		return err
	}
	c.takes(second, r2, o)
	r2.children = r2.children || r.children
	if err := b.answered(r2, f.said, o); err != nil && !r.children { // a lock that git left may be the reason, too
		return err
	}
	return b.afterRefusal(second, r2, &c, o)
}

// combination is a write on a kind of repository.
type combination struct {
	kind  kind
	write write
}

// combinations lists those of a part that are asked for, and of a sample a few.
func (h *harness) combinations(part string, kindNames, writeNames []string) []combination {
	var all []combination
	for _, k := range append(kinds, beginnings...) {
		for _, w := range k.tried() {
			if named(kindNames, k.name) && named(writeNames, w.name) && h.wants(part, k.name, w.name) {
				all = append(all, combination{k, w})
			}
		}
	}
	if h.sample > 0 {
		r := rand.New(rand.NewPCG(h.seed, uint64(len(part))))
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		few := 1 // each is run to see which points it has, which takes longer than to try one
		if part == "synced" {
			few = 4 // these are not
		}
		all = all[:min(len(all), few)]
	}
	return all
}

// named reports whether a list that is not empty holds a name.
func named(list []string, name string) bool {
	for _, one := range list {
		if one == name {
			return true
		}
	}
	return len(list) == 0
}
