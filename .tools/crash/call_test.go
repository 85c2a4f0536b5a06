package main

import "testing"

func TestLabel(t *testing.T) {
	for _, tt := range []struct {
		rule string
		call call
		want string
	}{
		{
			"objects and their parts are called the same in each run",
			call{name: "renameat", own: true, path: "/b/.git/objects/tmp_obj_123", to: "/b/.git/objects/4d/a777ec7e57ec7efacf0671b356a539201ade05"},
			"renameat .git/objects/tmp_obj_X .git/objects/XX/HASH",
		},
		{
			"so are entries",
			call{name: "openat", own: true, path: "/b/incidents/2026/11/25/x/timeline/20261125T222017.810Z-note-technical-c659hg.md"},
			"openat incidents/DAY/x/timeline/TIME-note-technical-ID.md",
		},
		{"a pipe has no number", call{name: "write", own: true, path: "pipe:[61100]"}, "write pipe"},
		{"a git is told from incident", call{name: "fsync", path: "/b/.git/index"}, "git fsync .git/index"},
		{"what lies elsewhere keeps its path", call{name: "openat", own: true, path: "/etc/passwd"}, "openat /etc/passwd"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := tt.call.label("/b"); got != tt.want {
				t.Errorf("label = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestChanges(t *testing.T) {
	for _, tt := range []struct {
		rule string
		call call
		want bool
	}{
		{"to read changes nothing", call{name: "openat", path: "/b/x"}, false},
		{"to create does", call{name: "openat", path: "/b/x", create: true}, true},
		{"an answer that is printed is a promise", call{name: "write", own: true, path: "pipe:[1]"}, true},
		{"what a git tells incident is none", call{name: "write", path: "pipe:[1]"}, false},
		{"how the runtime wakes its threads is nothing", call{name: "write", own: true, path: "anon_inode:[eventfd]"}, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := changes(&tt.call); got != tt.want {
				t.Errorf("changes = %v, want %v", got, tt.want)
			}
		})
	}
}
