package gitstore_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestElsewhere(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit("a.md", "one\n")
	b.git("switch", "--quiet", "-c", "other")
	b.mustCommit(entry, "two\n")
	b.git("switch", "--quiet", "-c", "gone")
	lost := b.mustCommit(other, "three\n")
	b.git("switch", "--quiet", "main")
	b.git("branch", "--quiet", "-D", "gone")
	s, _ := b.open()
	branches, commits, err := s.Elsewhere(t.Context(), []string{"nowhere.md", entry, other, "odd\nname.md", "incidents"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{entry: "other"}, branches)
	require.Equal(t, map[string]string{other: lost}, commits)

	branches, commits, err = s.Elsewhere(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, branches)
	require.Empty(t, commits)

	empty, _ := newBox(t).open()
	branches, commits, err = empty.Elsewhere(t.Context(), []string{entry})
	require.NoError(t, err)
	require.Empty(t, branches)
	require.Empty(t, commits)
}
