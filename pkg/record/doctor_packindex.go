package record

import (
	"context"
	"errors"

	"incident/pkg/gitstore"
)

// packIndex tells of git's index over many packs, where there is one.
func (d *doctor) packIndex(context.Context) {
	const name = "pack-index"
	packs, gone, err := d.store.Midx()
	switch {
	case errors.Is(err, gitstore.ErrLaterGit):
		d.tell(name, Note, "", "%v; its packs are left to git", err)
	case err != nil:
		d.broken(name, err)
	case len(gone) > 0:
		d.tell(name, Problem, "incident doctor --fix removes it, and so does the next entry; git does without it",
			"multi-pack-index names what is gone, and git misses what it looks for there: %s", some(gone))
	case len(packs) > 0:
		d.tell(name, OK, "", "multi-pack-index names %s, all there", plural(len(packs), "pack"))
	}
}

// fixPackIndex removes git's index over many packs where it names one that is gone.
func (d *doctor) fixPackIndex() error {
	dropped, err := d.store.DropMidx()
	if dropped {
		d.found.Fixed = append(d.found.Fixed, "Removed the multi-pack-index, which named packs that are gone; git does without it.")
	}
	return err
}
