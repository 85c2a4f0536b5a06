package gitstore_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

func TestParseIdentity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		want gitstore.Identity
		ok   bool
	}{
		{"Ana Lima <ana@example.com>", ana, true},
		{"Ana Lima <ana@example.com> 1700000000 +0100\n", ana, true},
		{"  Ana Lima   <  ana@example.com > ", ana, true},
		{"Zoë 日本 <z>", gitstore.Identity{Name: "Zoë 日本", Email: "z"}, true},
		{"Ana Lima", gitstore.Identity{}, false},
		{"ana@example.com", gitstore.Identity{}, false},
		{"<ana@example.com>", gitstore.Identity{}, false},
		{"Ana <>", gitstore.Identity{}, false},
		{"Ana <ana@example.com", gitstore.Identity{}, false},
		{"Ana <a> <b>", gitstore.Identity{}, false},
		{"Ana > <b>", gitstore.Identity{}, false},
		{"Ana <a<b>", gitstore.Identity{}, false},
		{"Ana\nLima <b>", gitstore.Identity{}, false},
		{"Ana <b> and more", gitstore.Identity{}, false},
		{"", gitstore.Identity{}, false},
	} {
		t.Run(tt.in, func(t *testing.T) {
			got, ok := gitstore.ParseIdentity(tt.in)
			require.Equal(t, tt.ok, ok)
			require.Equal(t, tt.want, got)
		})
	}
}

// What is understood can be written again, and git drops nothing of it.
func FuzzParseIdentity(f *testing.F) {
	f.Add("Ana Lima <ana@example.com> 1700000000 +0100")
	f.Add("<>><")
	f.Fuzz(func(t *testing.T, s string) {
		id, ok := gitstore.ParseIdentity(s)
		if !ok {
			require.Zero(t, id)
			return
		}
		again, ok := gitstore.ParseIdentity(id.Name + " <" + id.Email + ">")
		require.True(t, ok)
		require.Equal(t, id, again)
		require.False(t, strings.ContainsAny(id.Name+id.Email, "<>\n\x00"))
	})
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule              string
		setup             func(b *box)
		author, committer string
	}{
		{"nobody is known on a new machine", func(b *box) { b.git("config", "user.useConfigOnly", "true") }, "", ""},
		{"the user's configuration", func(b *box) {
			b.file("../.gitconfig", "[user]\n\tname = Ana\n\temail = a@b\n")
		}, "Ana <a@b>", "Ana <a@b>"},
		{"a configuration that is included", func(b *box) {
			b.file("../.gitconfig", "[includeIf \"gitdir:"+b.dir+"/\"]\n\tpath = work\n")
			b.file("../work", "[user]\n\tname = Ana\n\temail = a@b\n")
		}, "Ana <a@b>", "Ana <a@b>"},
		{"the environment of an author", func(b *box) {
			b.git("config", "user.useConfigOnly", "true")
			b.env = append(b.env, "GIT_AUTHOR_NAME=Bot", "GIT_AUTHOR_EMAIL=bot@b")
		}, "Bot <bot@b>", ""},
		{"the environment of both", func(b *box) {
			b.env = append(b.env, "GIT_AUTHOR_NAME=Bot", "GIT_AUTHOR_EMAIL=bot@b", "GIT_COMMITTER_NAME=CI", "GIT_COMMITTER_EMAIL=ci@b")
		}, "Bot <bot@b>", "CI <ci@b>"},
		{"a configuration in the environment", func(b *box) {
			b.env = append(b.env, "GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=user.name", "GIT_CONFIG_VALUE_0=Env", "GIT_CONFIG_KEY_1=user.email", "GIT_CONFIG_VALUE_1=e@b")
		}, "Env <e@b>", "Env <e@b>"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			tt.setup(b)
			s, _ := b.open()
			known := func(want string, got gitstore.Identity, err error) {
				if want == "" {
					require.ErrorIs(t, err, gitstore.ErrNobody)
					return
				}
				require.NoError(t, err)
				require.Equal(t, want, got.Name+" <"+got.Email+">")
			}
			author, err := s.Identity(t.Context())
			known(tt.author, author, err)
			committer, err := s.Committer(t.Context())
			known(tt.committer, committer, err)
			// Whoever git knows or does not know: a commit is made as it was asked for.
			b.mustCommit(entry, "one\n")
			require.Equal(t, "Ana Lima <ana@example.com> Ana Lima <ana@example.com>", b.git("log", "-1", "--format=%an <%ae> %cn <%ce>"))
		})
	}
}
