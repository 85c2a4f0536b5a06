package clidoc_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"incident/pkg/cli/clidoc"
)

var update = flag.Bool("update", false, "rewrite golden files; read the diff as a reader of the manual would")

// command is a small tool with every kind of text that a writer could damage.
func command() *cobra.Command {
	run := func(*cobra.Command, []string) error { return nil }
	root := &cobra.Command{Use: "tool", Short: "Keep records"}
	root.CompletionOptions.DisableDefaultCmd = true // its texts are cobra's
	root.PersistentFlags().StringP("output", "o", "table", "`FORMAT` of the answer: table|json")
	note := &cobra.Command{
		Use:     "note [TEXT|-]",
		Aliases: []string{"n"},
		Short:   "Add a note for <WHOM>.",
		Long: `Writes to .git/tool/<ID> and $TOOL_ID_X; *never* C:\records.
.dotted lines and 'quotes' stay.

Exit codes:
  7   refused
  12  late

- first item,
  which goes on
- second item

# no heading`,
		Example: "  # pipe it\n  tool note --at 15m - <evidence\n    indented",
		RunE:    run,
	}
	note.Flags().String("at", "", "when it happened")
	note.Flags().Bool("dry-run", false, "only show it")
	note.Flags().Int("limit", 20, "how many")
	note.Flags().String("secret", "", "not for the manual")
	note.Flags().Lookup("secret").Hidden = true
	config := &cobra.Command{Use: "config", Short: "Show settings", RunE: run}
	config.AddCommand(&cobra.Command{Use: "check", Short: "Check settings", RunE: run})
	root.AddGroup(&cobra.Group{ID: "write", Title: "Write:"})
	note.GroupID = "write"
	old := &cobra.Command{Use: "old", Short: "Gone", Hidden: true, RunE: run}
	topic := &cobra.Command{Use: "times", Short: "How times are written", Long: "As 14:05."}
	root.AddCommand(note, config, old, topic)
	return root
}

func TestGolden(t *testing.T) {
	pages := map[string][]byte{"cli.md": clidoc.Markdown(command())}
	man := clidoc.Man(command())
	for _, name := range []string{"tool.1", "tool-note.1", "tool-help-times.1"} {
		pages[name] = man[name]
	}
	for name, got := range pages {
		golden := filepath.Join("testdata", name+".golden")
		if *update {
			require.NoError(t, os.WriteFile(golden, got, 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), name)
	}
}

func TestPagesAreThoseOfHelp(t *testing.T) {
	root := command()
	root.CompletionOptions.DisableDefaultCmd = false
	man := clidoc.Man(root)
	for _, name := range []string{"tool.1", "tool-note.1", "tool-config-check.1", "tool-help-times.1", "tool-completion-fish.1", "tool-help.1"} {
		require.Contains(t, man, name)
	}
	require.NotContains(t, man, "tool-old.1", "what help hides has no page")
	for name, page := range man {
		require.NotContains(t, string(page), "secret", name)
	}
}

func TestSameCommandsGiveTheSameBytes(t *testing.T) {
	once, again := command(), command()
	page, pages := clidoc.Markdown(once), clidoc.Man(once)
	require.Equal(t, string(page), string(clidoc.Markdown(again)))
	require.Equal(t, pages, clidoc.Man(again))
	require.Equal(t, string(page), string(clidoc.Markdown(once)), "reading the commands leaves them as they were")
}
