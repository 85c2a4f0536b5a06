package record_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/record"
)

func TestLocate(t *testing.T) {
	top := t.TempDir()
	make := func(dirs ...string) {
		for _, d := range dirs {
			require.NoError(t, os.MkdirAll(filepath.Join(top, d), 0o777))
		}
	}
	make("team/.git", "team/.incident", "team/sub/deep", "project/.git", "project/src", "plain", "half/.incident",
		"outer/.git", "outer/.incident", "outer/inner/.git", "outer/inner/src", "home/.local/share/incident/records/.git",
		"home/.local/share/incident/records/.incident", "linked/.incident", "file/.git")
	require.NoError(t, os.WriteFile(filepath.Join(top, "linked/.git"), []byte("gitdir: x"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(top, "file/.incident"), nil, 0o666))

	type env map[string]string
	for _, tt := range []struct {
		rule, repo, dir string
		env             env
		want            string
		how             record.How
		exists          bool
	}{
		{"the flag is first, from the folder that we are in", "../team", "outer", env{"INCIDENT_REPO": "/x"}, "team", record.ByFlag, true},
		{"the flag may name a folder of the record", "team/sub/deep", "", nil, "team", record.ByFlag, true},
		{"the flag may name what is not there yet", "new", "", nil, "new", record.ByFlag, false},
		{"a slip in a record names nothing", "team/new/x", "", nil, "team/new/x", record.ByFlag, false},
		{"the flag stops at a repository without records", "outer/inner/src", "", nil, "outer/inner/src", record.ByFlag, false},
		{"the variable is second", "", "outer", env{"INCIDENT_REPO": "{top}/team/sub"}, "team", record.ByVariable, true},
		{"the variable may be relative", "", "plain", env{"INCIDENT_REPO": "../team"}, "team", record.ByVariable, true},
		{"the enclosing record is third", "", "team/sub/deep", nil, "team", record.ByEnclosing, true},
		{"a linked work tree is one too", "", "linked", nil, "linked", record.ByEnclosing, true},
		{"a record around another repository", "", "outer/inner/src", nil, "outer", record.ByEnclosing, true},
		{"the user's own is last", "", "plain", nil, "home/.local/share/incident/records", record.ByUser, true},
		{"a repository without records is none", "", "project/src", nil, "home/.local/share/incident/records", record.ByUser, true},
		{"settings without a repository are none", "", "half", nil, "home/.local/share/incident/records", record.ByUser, true},
		{"settings that are a file are none", "", "file", nil, "home/.local/share/incident/records", record.ByUser, true},
		{"the user's data may be elsewhere", "", "plain", env{"XDG_DATA_HOME": "{top}/data"}, "data/incident/records", record.ByUser, false},
		{"a relative place for data is passed over", "", "plain", env{"XDG_DATA_HOME": "data"}, "home/.local/share/incident/records", record.ByUser, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := record.Locate(record.Surroundings{
				Repo: tt.repo, Dir: filepath.Join(top, tt.dir), Home: filepath.Join(top, "home"), System: "linux",
				Env: func(k string) string {
					if v, ok := tt.env[k]; ok {
						return filepath.FromSlash(strings.Replace(v, "{top}", top, 1))
					}
					return ""
				},
			})
			require.NoError(t, err)
			want := filepath.Join(top, filepath.FromSlash(tt.want))
			require.Equal(t, record.Place{Dir: want, How: tt.how, Exists: tt.exists}, got)
		})
	}
}

func TestLocateOnOtherSystems(t *testing.T) {
	for _, tt := range []struct {
		rule, system, home string
		env                map[string]string
		want               string
	}{
		{"Linux", "linux", "/h", nil, "/h/.local/share/incident/records"},
		{"FreeBSD", "freebsd", "/h", nil, "/h/.local/share/incident/records"},
		{"macOS", "darwin", "/h", nil, "/h/Library/Application Support/incident/records"},
		{"macOS with the customs of others", "darwin", "/h", map[string]string{"XDG_DATA_HOME": "/x"}, "/x/incident/records"},
		{"Windows", "windows", "/h", map[string]string{"LocalAppData": "/l"}, "/l/incident/records"},
		{"Windows without a place for data", "windows", "/h", nil, ""},
		{"no home", "linux", "", nil, ""},
		{"no home on macOS", "darwin", "", nil, ""},
		{"no home but a place for data", "linux", "", map[string]string{"XDG_DATA_HOME": "/x"}, "/x/incident/records"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := record.Locate(record.Surroundings{Dir: t.TempDir(), Home: tt.home, System: tt.system, Env: func(k string) string { return tt.env[k] }})
			if tt.want == "" {
				require.ErrorIs(t, err, record.ErrNotFound)
				require.Contains(t, remedy(err), "--repo")
				return
			}
			require.NoError(t, err)
			require.Equal(t, record.ByUser, got.How)
			require.Equal(t, filepath.FromSlash(tt.want), got.Dir)
		})
	}
}
