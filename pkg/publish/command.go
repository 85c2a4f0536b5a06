package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"incident/pkg/folder"
)

// byCommand makes the site in a folder of its own, and runs a command of this clone's owner with that folder as $1.
func (p Publisher) byCommand(ctx context.Context, r *Result, site map[string][]byte) (err error) {
	top, err := os.MkdirTemp("", "incident-page-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(top)) }()
	dir := filepath.Join(top, "site")
	done, err := folder.Put(dir, folder.Plain(site), nil, false)
	if err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, folder.List)); err != nil {
		return err
	}
	r.Changed = done.Changed
	cmd := exec.CommandContext(ctx, "sh", "-c", r.Target.Where, "sh", dir)
	cmd.Dir, cmd.Env = p.Store.Root(), append(p.Env, "INCIDENT_PAGE="+dir)
	cmd.Stdout, cmd.Stderr = p.Output, p.Output
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("the command %q failed: %w", r.Target.Where, err)
	}
	return nil
}
