package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"incident/pkg/folder"
	"incident/pkg/gitstore"
)

// tries is how often a branch that others publish to at the same time is tried.
const tries = 5

func (p Publisher) side(ctx context.Context, t Target) (*gitstore.Side, error) {
	branch, remote, _ := strings.Cut(t.Where, "@")
	return p.Store.Side(ctx, branch, remote)
}

// intoBranch adds one commit with what changed. Files that others keep there stay, as a host's own do: CNAME for one.
func (p Publisher) intoBranch(ctx context.Context, r *Result, site map[string][]byte) error {
	for n := 1; ; n++ {
		side, err := p.side(ctx, r.Target)
		if err != nil {
			return err
		}
		r.Remote = side.Remote()
		if p.Allowed != nil {
			if err := p.Allowed(func(path string) ([]byte, error) { return side.Read(ctx, path) }); err != nil {
				return err
			}
		}
		change, err := p.change(ctx, side, site)
		if err != nil {
			return err
		}
		r.Changed, r.Removed = paths(change.Files), change.Removed
		if len(change.Files)+len(change.Removed) == 0 {
			err = side.Send(ctx) // what an earlier publish could not send
		} else {
			r.Commit, err = side.Commit(ctx, change)
		}
		if !errors.Is(err, gitstore.ErrBehind) || n == tries {
			return err
		}
	}
}

// change is what a branch lacks of the site.
func (p Publisher) change(ctx context.Context, side *gitstore.Side, site map[string][]byte) (gitstore.SideChange, error) {
	// The branch is public as the page is: no name and address of a person is in it.
	nobody := gitstore.Identity{Name: "Status page", Email: "status-page@localhost"}
	c := gitstore.SideChange{Files: map[string][]byte{}, Message: "Publish the status page\n", When: p.Now(), Author: nobody}
	there, err := side.Files(ctx)
	if err != nil {
		return c, err
	}
	before, err := side.Read(ctx, folder.List)
	if err != nil {
		return c, err
	}
	if before == nil && len(there) > 0 && !p.Force {
		return c, fmt.Errorf("the branch %w", folder.ErrForeign)
	}
	ours := folder.WithList(site)
	for path, data := range ours {
		if there[path] != side.ObjectName(data) {
			c.Files[path] = data
		}
	}
	for path := range folder.Listed(before) {
		if _, still := ours[path]; !still && there[path] != "" {
			c.Removed = append(c.Removed, path)
		}
	}
	slices.Sort(c.Removed)
	return c, nil
}

// paths are those of the site that are in a change.
func paths(files map[string][]byte) []string {
	var list []string
	for path := range files {
		if path != folder.List {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}
