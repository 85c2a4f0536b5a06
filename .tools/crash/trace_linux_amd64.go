package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Strace injects faults too, but counts calls for each thread apart. The Go runtime moves a write from one
// thread to the next as it likes: of the four threads that a note's changes are spread over, the one that
// renames the index and the branch makes none of the renames before, and so no number reaches these two.
// Here calls are counted over all threads and processes, so that each is one point with one number.

// arguments says where the arguments of a system call are that tell what it is about: fd and path are
// positions, -1 where there is none.
type arguments struct {
	name         string
	fd, path     int
	toFd, toPath int
	flags        int
}

var traced = map[uint64]arguments{
	unix.SYS_OPEN:            {name: "open", fd: -1, path: 0, toPath: -1, flags: 1},
	unix.SYS_OPENAT:          {name: "openat", fd: 0, path: 1, toPath: -1, flags: 2},
	unix.SYS_WRITE:           {name: "write", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_PWRITE64:        {name: "pwrite64", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_WRITEV:          {name: "writev", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_COPY_FILE_RANGE: {name: "copy_file_range", fd: 2, path: -1, toPath: -1, flags: -1},
	unix.SYS_RENAME:          {name: "rename", fd: -1, path: 0, toFd: -1, toPath: 1, flags: -1},
	unix.SYS_RENAMEAT:        {name: "renameat", fd: 0, path: 1, toFd: 2, toPath: 3, flags: -1},
	unix.SYS_RENAMEAT2:       {name: "renameat2", fd: 0, path: 1, toFd: 2, toPath: 3, flags: -1},
	unix.SYS_LINK:            {name: "link", fd: -1, path: 0, toFd: -1, toPath: 1, flags: -1},
	unix.SYS_LINKAT:          {name: "linkat", fd: 0, path: 1, toFd: 2, toPath: 3, flags: -1},
	unix.SYS_SYMLINK:         {name: "symlink", fd: -1, path: 1, toPath: -1, flags: -1},
	unix.SYS_SYMLINKAT:       {name: "symlinkat", fd: 1, path: 2, toPath: -1, flags: -1},
	unix.SYS_UNLINK:          {name: "unlink", fd: -1, path: 0, toPath: -1, flags: -1},
	unix.SYS_UNLINKAT:        {name: "unlinkat", fd: 0, path: 1, toPath: -1, flags: -1},
	unix.SYS_RMDIR:           {name: "rmdir", fd: -1, path: 0, toPath: -1, flags: -1},
	unix.SYS_MKDIR:           {name: "mkdir", fd: -1, path: 0, toPath: -1, flags: -1},
	unix.SYS_MKDIRAT:         {name: "mkdirat", fd: 0, path: 1, toPath: -1, flags: -1},
	unix.SYS_FSYNC:           {name: "fsync", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_FDATASYNC:       {name: "fdatasync", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_SYNC_FILE_RANGE: {name: "sync_file_range", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_SYNCFS:          {name: "syncfs", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_FALLOCATE:       {name: "fallocate", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_TRUNCATE:        {name: "truncate", fd: -1, path: 0, toPath: -1, flags: -1},
	unix.SYS_FTRUNCATE:       {name: "ftruncate", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_CHMOD:           {name: "chmod", fd: -1, path: 0, toPath: -1, flags: -1},
	unix.SYS_FCHMOD:          {name: "fchmod", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_FCHMODAT:        {name: "fchmodat", fd: 0, path: 1, toPath: -1, flags: -1},
	unix.SYS_UTIMENSAT:       {name: "utimensat", fd: 0, path: 1, toPath: -1, flags: -1},
	unix.SYS_FLOCK:           {name: "flock", fd: 0, path: -1, toPath: -1, flags: -1},
	unix.SYS_EXECVE:          {name: "execve", fd: -1, path: 0, toPath: -1, flags: -1},
	unix.SYS_EXIT_GROUP:      {name: "exit_group", fd: -1, path: -1, toPath: -1, flags: -1},
}

// tracer follows a program and all that it starts. Its methods run on one thread, which the kernel takes for
// the debugger.
type tracer struct {
	injection
	root    int
	started bool          // the launcher has become the program
	known   map[int]bool  // the threads that are there
	open    map[int]*call // the call that a thread is in
	failing map[int]bool  // the threads whose call was not made
	clock   int
	counted int
	run     run
	gone    func()
	others  sync.WaitGroup
}

// trace runs a program. It calls gone, if there is one, once the program itself has ended, and returns when
// everything that it started has, too.
func trace(p program, in injection, gone func()) (*run, error) {
	if in.counts == nil {
		in.counts = changes
	}
	t := &tracer{injection: in, known: map[int]bool{}, open: map[int]*call{}, failing: map[int]bool{}, gone: gone}
	var err error
	t.others.Go(func() {
		runtime.LockOSThread() // for good: the thread ends with this goroutine
		err = t.all(p)
	})
	t.others.Wait()
	return &t.run, err
}

// all starts the program and follows it to its end.
func (t *tracer) all(p program) error {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	var reading sync.WaitGroup
	defer reading.Wait()
	files := []uintptr{null.Fd()}
	for _, into := range []*string{&t.run.stdout, &t.run.stderr} {
		here, there, err := os.Pipe()
		if err != nil {
			return err
		}
		defer there.Close()
		reading.Go(func() {
			raw, _ := io.ReadAll(here)
			*into = string(raw)
			_ = here.Close()
		})
		files = append(files, there.Fd())
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	t.root, err = syscall.ForkExec(self, append([]string{self, launchWord, p.path}, p.args...), &syscall.ProcAttr{
		Dir: p.dir, Env: p.env, Files: files, Sys: &syscall.SysProcAttr{Ptrace: true, Setpgid: true},
	})
	if err != nil {
		return fmt.Errorf("%s: %w", p.path, err)
	}
	var status unix.WaitStatus
	if _, err := unix.Wait4(t.root, &status, unix.WALL, nil); err != nil {
		return err
	}
	const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACESECCOMP | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK |
		unix.PTRACE_O_TRACEEXEC | unix.PTRACE_O_EXITKILL
	if err := unix.PtraceSetOptions(t.root, options); err != nil {
		return fmt.Errorf("this machine does not allow tracing: %w", err)
	}
	t.known[t.root] = true
	if err := unix.PtraceCont(t.root, 0); err != nil {
		return err
	}
	return t.follow()
}

// follow lets everything go on, from stop to stop, until nothing is left.
func (t *tracer) follow() error {
	for {
		var status unix.WaitStatus
		// Only the program's family: this process has other children, perhaps from this very thread.
		id, err := unix.Wait4(-t.root, &status, unix.WALL, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.ECHILD):
			return nil
		case err != nil:
			return err
		}
		if !status.Stopped() {
			delete(t.known, id)
			if id == t.root {
				t.run.code = status.ExitStatus()
				if t.gone != nil {
					t.others.Go(t.gone)
				}
			}
			continue
		}
		deliver, resume := 0, unix.PtraceCont
		switch sig := status.StopSignal(); {
		case sig == unix.SIGTRAP|0x80, sig == unix.SIGTRAP && status.TrapCause() == unix.PTRACE_EVENT_SECCOMP:
			if err := t.stopped(id); err != nil && !errors.Is(err, unix.ESRCH) {
				return err
			}
			if t.open[id] != nil {
				resume = unix.PtraceSyscall // to its end
			}
		case sig == unix.SIGTRAP && status.TrapCause() == unix.PTRACE_EVENT_EXEC:
			t.started = true
		case sig == unix.SIGTRAP && status.TrapCause() > 0: // a thread or a process began
		case sig == unix.SIGSTOP && !t.known[id]: // how the kernel hands over a new one
		default:
			deliver = int(sig)
		}
		t.known[id] = true
		if err := resume(id, deliver); err != nil && !errors.Is(err, unix.ESRCH) { // killed meanwhile
			return err
		}
	}
}

// The kernel's struct ptrace_syscall_info, as far as it is of use here.
type syscallInfo struct {
	op     uint8
	_      [3]uint8
	_      uint32
	_, _   uint64
	number uint64 // when a call ends: what it returns
	args   [6]uint64
	_      uint64
}

const (
	opExit    = 2
	opSeccomp = 3
)

// stopped handles the beginning or the end of a system call.
func (t *tracer) stopped(id int) error {
	var info syscallInfo
	_, _, e := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(id), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	if e != 0 {
		return e
	}
	if info.op == opSeccomp {
		if a, known := traced[info.number]; known && t.started {
			return t.begins(id, a, info.args)
		}
		return nil
	}
	c := t.open[id]
	if info.op != opExit || c == nil {
		return nil
	}
	delete(t.open, id)
	t.clock++
	c.end = t.clock
	if t.failing[id] {
		delete(t.failing, id)
		c.failed = t.fail
		return t.register(id, func(r *unix.PtraceRegs) { r.Rax = uint64(-int64(t.fail)) })
	}
	if ret := int64(info.number); ret < 0 {
		c.failed = syscall.Errno(-ret)
	}
	return nil
}

// begins notes a call that is about to be made, and does to it what is planned.
func (t *tracer) begins(id int, a arguments, args [6]uint64) error {
	c := &call{name: a.name, own: t.isOwn(id)}
	c.path = pathOf(id, a.fd, a.path, args)
	if a.toPath >= 0 {
		c.to = pathOf(id, a.toFd, a.toPath, args)
	}
	if a.flags >= 0 {
		c.create = args[a.flags]&(unix.O_CREAT|unix.O_TRUNC) != 0
	}
	t.clock++
	c.begin = t.clock
	t.run.calls = append(t.run.calls, c)
	t.open[id] = c
	if t.at == 0 || !t.counts(c) {
		return nil
	}
	t.counted++
	if t.counted != t.at && (t.counted < t.at || !t.on) {
		return nil
	}
	if t.run.hit == nil {
		t.run.hit = c
		for other := range t.known {
			t.run.children = t.run.children || !t.isOwn(other)
		}
	}
	switch t.kill {
	case family:
		return unix.Kill(-t.root, unix.SIGKILL)
	case alone:
		return unix.Kill(t.root, unix.SIGKILL)
	}
	t.failing[id] = true
	return t.register(id, func(r *unix.PtraceRegs) { r.Orig_rax = ^uint64(0) })
}

func (t *tracer) register(id int, change func(*unix.PtraceRegs)) error {
	var regs unix.PtraceRegs
	if err := unix.PtraceGetRegs(id, &regs); err != nil {
		return err
	}
	change(&regs)
	return unix.PtraceSetRegs(id, &regs)
}

// isOwn reports whether a thread is one of the program itself.
func (t *tracer) isOwn(id int) bool {
	_, err := os.Lstat(fmt.Sprintf("/proc/%d/task/%d", t.root, id))
	return err == nil
}

// pathOf reads what a call is about from its arguments.
func pathOf(id, fd, path int, args [6]uint64) string {
	name := ""
	if path >= 0 {
		name = readString(id, uintptr(args[path]))
		if filepath.IsAbs(name) {
			return filepath.Clean(name)
		}
	}
	at := fmt.Sprintf("/proc/%d/cwd", id)
	if fd >= 0 && int32(args[fd]) != unix.AT_FDCWD {
		at = fmt.Sprintf("/proc/%d/fd/%d", id, int32(args[fd]))
	} else if path < 0 {
		return ""
	}
	dir, err := os.Readlink(at)
	if err != nil || name == "" {
		return strings.TrimSuffix(dir, " (deleted)")
	}
	return filepath.Join(dir, name)
}

// readString reads a string of another process, page by page: what follows may not be readable.
func readString(id int, at uintptr) string {
	var out []byte
	for len(out) < unix.PathMax {
		part := make([]byte, 256-int(at%256))
		n, err := unix.ProcessVMReadv(id, []unix.Iovec{{Base: &part[0], Len: uint64(len(part))}},
			[]unix.RemoteIovec{{Base: at, Len: len(part)}}, 0)
		if err != nil || n == 0 {
			break
		}
		for i, b := range part[:n] {
			if b == 0 {
				return string(append(out, part[:i]...))
			}
		}
		out = append(out, part[:n]...)
		at += uintptr(n)
	}
	return string(out)
}
