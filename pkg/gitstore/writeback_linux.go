package gitstore

import (
	"os"

	"golang.org/x/sys/unix"
)

// startWriting lets the kernel begin to write a file's content, so that those of many files are under way
// when the first of them is waited for. It promises nothing: the file is synced after it.
func startWriting(f *os.File) {
	if conn, err := f.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { _ = unix.SyncFileRange(int(fd), 0, 0, unix.SYNC_FILE_RANGE_WRITE) })
	}
}
