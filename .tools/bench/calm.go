package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// Some file systems pay for what was removed before: ext4 without a journal gives no inode out again for a minute after
// that lies on the disk, and each new file looks at all of those. After many files were taken back that is more than all
// the rest of a commit, for git and for us.

const (
	calmFile  = 60 * time.Microsecond // to make a file takes no longer where nothing stands in the way
	calmWait  = 90 * time.Second
	calmPause = 5 * time.Second
)

// calm waits until files can be made as usual in the folders in which commits make them.
func (f *fixture) calm(ctx context.Context, tell func(string, ...any)) error {
	if err := exec.CommandContext(ctx, "sync").Run(); err != nil {
		tell("what was taken back may not lie on the disk: %v", err)
	}
	for waited := time.Duration(0); ; waited += calmPause {
		slowest := time.Duration(0)
		for _, dir := range []string{".git", ".git/objects/pack", "incidents"} {
			took, err := making(filepath.Join(f.dir, dir))
			if err != nil {
				return err
			}
			slowest = max(slowest, took)
		}
		if slowest < calmFile || waited >= calmWait {
			return nil
		}
		if waited == 0 {
			tell("waiting until the file system makes files of %s as fast as usual (now %v each)", f.shape, slowest)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(calmPause):
		}
	}
}

// making is how long it takes to make a file in a folder. It is removed again.
func making(dir string) (time.Duration, error) {
	var took []time.Duration
	for n := range 9 {
		name := filepath.Join(dir, fmt.Sprintf(".calm-%d", n))
		start := time.Now()
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		took = append(took, time.Since(start))
		if err != nil {
			return 0, err
		}
		if err := f.Close(); err != nil {
			return 0, err
		}
		if err := os.Remove(name); err != nil {
			return 0, err
		}
	}
	return slices.Sorted(slices.Values(took))[len(took)/2], nil
}
