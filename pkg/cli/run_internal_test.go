package cli

import (
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// A command that is made without the others is the same as among them.
func TestCommandsAlone(t *testing.T) {
	made := func(args ...string) *cobra.Command {
		return newRoot(newDeps(World{Env: func(string) string { return "" }}), args)
	}
	whole := made()
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			alone := made(c.name, "--help")
			require.Len(t, alone.Commands(), 1)
			want, _, err := whole.Find([]string{c.name})
			require.NoError(t, err)
			got, _, err := alone.Find([]string{c.name})
			require.NoError(t, err)
			require.Equal(t, c.name, got.Name())
			require.Equal(t, want.UsageString(), got.UsageString())
			require.Equal(t, want.Long, got.Long)
		})
	}
	for _, word := range []string{"statsu", "ls", "help", "--help", "__complete", "completion"} {
		require.Len(t, made(word).Commands(), len(whole.Commands()), "%s needs to know of all", word)
	}
}
