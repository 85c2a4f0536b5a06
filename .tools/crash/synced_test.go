package main

import "testing"

// calls makes a record in which each call begins and ends before the next one.
func calls(cc ...call) []*call {
	var out []*call
	for i := range cc {
		cc[i].begin, cc[i].end = 2*i+1, 2*i+2
		out = append(out, &cc[i])
	}
	return out
}

func TestUnsynced(t *testing.T) {
	create := call{name: "openat", path: "/r/new", create: true}
	write := call{name: "write", path: "/r/new"}
	sync := call{name: "fsync", path: "/r/new"}
	rename := call{name: "renameat", path: "/r/new", to: "/r/a/file"}
	folder := call{name: "fsync", path: "/r/a"}
	failed := call{name: "fsync", path: "/r/new", failed: errLost}
	for _, tt := range []struct {
		rule  string
		calls []*call
		want  int
	}{
		{"content, then name, then folder", calls(create, write, sync, rename, folder), 0},
		{"a file that is only renamed has no content on disk", calls(create, write, rename, folder), 1},
		{"a rename lives in the folder", calls(create, write, sync, rename), 1},
		{"a folder that is synced before the rename does not hold it", calls(create, write, sync, folder, rename), 1},
		{"what is written after the sync is not on disk", calls(create, write, sync, write, rename, folder), 1},
		{"a sync that failed is none", calls(create, write, failed, rename, folder), 1},
		{"what is removed need not be on disk", calls(create, write, call{name: "unlinkat", path: "/r/new"}), 0},
		{"a link is the same content under two names", calls(create, write, call{name: "linkat", path: "/r/new", to: "/r/a/lock"}, sync, folder, call{name: "unlink", path: "/r/new"}), 0},
		{"a folder lives in the one above", calls(call{name: "mkdirat", path: "/r/a/b"}), 1},
		{"git's diaries need not be on disk", calls(call{name: "write", path: "/r/.git/logs/HEAD"}), 0},
		{"that a journal is settled need not be on disk", calls(call{name: "pwrite64", path: "/r/.git/incident/journal"}, call{name: "fsync", path: "/r/.git/incident/journal"}, call{name: "pwrite64", path: "/r/.git/incident/journal"}), 0},
		{"what is in a journal must be", calls(call{name: "pwrite64", path: "/r/.git/incident/journal"}, call{name: "pwrite64", path: "/r/.git/incident/journal"}), 1},
		{"elsewhere is not ours", calls(call{name: "write", path: "/tmp/x"}), 0},
		{"the answer comes before the sync", calls(create, write, rename, folder, call{name: "write", path: "pipe:[1]", own: true}, call{name: "fsync", path: "/r/a/file"}), 1},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := unsynced("/r", tt.calls); len(got) != tt.want {
				t.Errorf("unsynced = %q, want %d", got, tt.want)
			}
		})
	}
}
