package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A disk that is really full: a small one of memory, on which so much is left.

const (
	diskSize = 16 << 20
	diskStep = 4  // KB: how the file system gives out room
	diskMost = 64 // KB
)

// diskPoints lists a point for each amount of room.
func (h *harness) diskPoints() error {
	for _, c := range h.combinations("disk", []string{"plain", "hook"}, []string{"note", "attach", "postmortem"}) {
		for room := 0; room <= diskMost; room += diskStep {
			h.add("disk", c.kind, c.write, fmt.Sprint(room), "", func(b *box, o *outcome) error { return full(b, c.write, room, o) })
		}
	}
	return nil
}

// full runs a write where only so many KB are left, and the next command once there is room again.
func full(b *box, w write, room int, o *outcome) (err error) {
	disk := filepath.Join(b.dir, "disk")
	if err := os.Mkdir(disk, 0o777); err != nil {
		return err
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprint("size=", diskSize), "none", disk).CombinedOutput(); err != nil {
		o.skipped = "no disk can be mounted here: " + strings.TrimSpace(string(out))
		return nil
	}
	defer func() {
		if out, unmountErr := exec.Command("umount", disk).CombinedOutput(); unmountErr != nil {
			err = errors.Join(err, fmt.Errorf("umount: %w: %s", unmountErr, out))
		}
	}()
	if out, err := exec.Command("cp", "-a", b.record, disk).CombinedOutput(); err != nil {
		return fmt.Errorf("cp: %w: %s", err, out)
	}
	b.record = filepath.Join(disk, filepath.Base(b.record))
	if err := fillDisk(filepath.Join(disk, "filler"), room); err != nil {
		return err
	}
	c := claim{}
	r := b.incident(b.args(w)...)
	c.takes(w, r, o)
	if err := b.answered(r, "no space left on device", o); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
		return err
	}
	return b.afterRefusal(w, r, &c, o)
}

// fillDisk writes a file until so many KB are left.
func fillDisk(name string, room int) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(f, zeros{}, make([]byte, diskStep<<10))
	if err == nil {
		return errors.Join(errors.New("the disk does not fill"), f.Close())
	}
	info, err := f.Stat()
	if err == nil {
		err = f.Truncate(max(0, info.Size()-int64(room)<<10))
	}
	return errors.Join(err, f.Close())
}

// zeros is as much of nothing as anybody reads.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
