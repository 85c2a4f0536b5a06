package record

import (
	"context"
	"path/filepath"
	"strings"
)

// objects looks for what git no longer holds of what was recorded.
func (d *doctor) objects(ctx context.Context) {
	const name = "objects"
	list, err := d.store.Damages(ctx, incidentsDir, settingsDir)
	if err != nil {
		d.broken(name, err)
		return
	}
	if len(list) == 0 {
		d.tell(name, OK, "", "all that the newest commit holds is there")
		return
	}
	d.damaged = true
	var said, recorded []string
	for _, it := range list {
		if filepath.IsAbs(it.Path) {
			said = append(said, d.below(it.Path)+" "+it.What)
		} else {
			recorded = append(recorded, it.Path+": "+it.What)
		}
	}
	if len(recorded) > 0 {
		said = append(said, "recorded, and cannot be read: "+some(recorded))
	}
	d.tell(name, Problem, d.howToMend(ctx), "%s", strings.Join(said, "; "))
}

// howToMend says how to get objects back. Git keeps to a damaged file as long as it is there.
func (d *doctor) howToMend(ctx context.Context) string {
	lines := []string{"move damaged files out of " + d.below(filepath.Join(filepath.Dir(d.store.PrivateDir()), "objects")) + ", a pack with its .idx; then get back what is missing:"}
	if _, err := d.store.Upstream(ctx, ""); err == nil {
		lines = append(lines, "git fetch --refetch brings what the remote holds, and incident sync what is new;")
	}
	return strings.Join(append(lines,
		"cp -rn CLONE/.git/objects .git brings it from another clone, or a backup;",
		"git fsck --full tells when all is there",
	), "\n")
}
