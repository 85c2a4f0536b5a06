//go:build linux || darwin || freebsd

package gitstore

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// canLink reports whether a hard link can prove a lock to be ours.
const canLink = true

// statFields are the first 40 bytes of a file's entry in git's index: by them git sees, without reading
// it, whether it has changed. The mode is left to the caller.
func statFields(name string) ([]byte, error) {
	var st unix.Stat_t
	if err := unix.Lstat(name, &st); err != nil {
		return nil, writeError(err)
	}
	var b []byte
	for _, v := range []uint32{
		uint32(st.Ctim.Sec), uint32(st.Ctim.Nsec), uint32(st.Mtim.Sec), uint32(st.Mtim.Nsec),
		uint32(st.Dev), uint32(st.Ino), 0, st.Uid, st.Gid, uint32(st.Size),
	} {
		b = be.AppendUint32(b, v)
	}
	return b, nil
}

// sameDevice reports whether a file can be renamed from one folder into the other.
func sameDevice(a, b string) bool {
	var one, other unix.Stat_t
	return unix.Lstat(a, &one) == nil && unix.Lstat(b, &other) == nil && one.Dev == other.Dev
}

// oursAlone reports whether all of the folders belong to whoever runs us and lie on one file system.
func oursAlone(dirs ...string) bool {
	var first unix.Stat_t
	for i, dir := range dirs {
		var st unix.Stat_t
		if unix.Lstat(dir, &st) != nil || int(st.Uid) != os.Geteuid() {
			return false
		}
		if i == 0 {
			first = st
		}
		if st.Dev != first.Dev {
			return false
		}
	}
	return true
}

// stateOf tells one state of a file from another, and when it came to be.
func stateOf(file string) (state string, since time.Time) {
	var st unix.Stat_t
	if err := unix.Stat(file, &st); err != nil {
		return "none", time.Time{}
	}
	return fmt.Sprintf("%d-%d-%d-%d", st.Size, st.Ino, unix.TimespecToNsec(st.Mtim), unix.TimespecToNsec(st.Ctim)), time.Unix(st.Ctim.Unix())
}
