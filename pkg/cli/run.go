package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Run runs the program once and returns its exit code.
func Run(ctx context.Context, w World) int {
	d := newDeps(w)
	root := newRoot(d, w.Args)
	root.SetArgs(w.Args)
	root.SetOut(d.out)
	root.SetErr(d.errw)
	err := root.ExecuteContext(ctx)
	if err == nil && !d.committed {
		err = d.outputError()
	}
	left := errors.Is(err, errOutput) && errors.Is(err, syscall.EPIPE)
	if err == nil || left { // who reads us has seen enough: incident log | head
		return 0
	}
	if d.output == outputUnset && asksJSON(w.Args) { // the flags were not read to their end
		d.output = outputJSON
	}
	return d.fail(err)
}

// Command returns the whole command tree, for documentation; it runs nothing.
func Command() *cobra.Command {
	return newRoot(newDeps(World{Env: func(string) string { return "" }}), nil)
}

// asksJSON finds -o json in arguments that could not be parsed.
func asksJSON(args []string) bool {
	for i, a := range args {
		switch {
		case a == "-ojson", a == "-o=json", a == "--output=json":
			return true
		case (a == "-o" || a == "--output") && i+1 < len(args) && args[i+1] == "json":
			return true
		case a == "--":
			return false
		}
	}
	return false
}

// Groups of commands, as help shows them.
const (
	groupRespond = "respond"
	groupRead    = "read"
	groupAfter   = "after"
	groupSetup   = "setup"
)

// usageTemplate is how help ends: what can be typed, the likeliest first.
const usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND{{end}}
{{- if .Aliases}}

Also called: {{range $i, $a := .Aliases}}{{if $i}}, {{end}}{{$a}}{{end}}{{end}}
{{- if .HasExample}}

Examples:
{{indent .Example}}{{end}}
{{- if .HasAvailableSubCommands}}{{$c := .}}
{{- range .Groups}}

{{.Title}}{{$g := .ID}}{{range $c.Commands}}{{if and (eq .GroupID $g) .IsAvailableCommand}}
  {{rpad .Name 12}}{{.Short}}{{end}}{{end}}{{end}}
{{- if not .Groups}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name 12}}{{.Short}}{{end}}{{end}}{{end}}{{end}}
{{- if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
{{- if .HasAvailableInheritedFlags}}

Flags of every command:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
{{- if not .HasParent}}

Pages to read, with incident help:{{range .Commands}}{{if .IsAdditionalHelpTopicCommand}}
  {{rpad .Name 12}}{{.Short}}{{end}}{{end}}{{end}}
`

// command is one that can be typed, and how it is made.
type command struct {
	name, group string
	make        func(*deps) *cobra.Command
}

// commands are all that have a file of their own, in the order in which help shows them.
func commands() []command {
	return []command{
		{"open", groupRespond, newOpen},
		{"note", groupRespond, newNote},
		{"status", groupRespond, newStatus},
		{"resolve", groupRespond, newResolve},
		{"reopen", groupRespond, newReopen},
		{"set", groupRespond, newSet},
		{"assign", groupRespond, newAssign},
		{"ack", groupRespond, newAck},
		{"use", groupRespond, newUse},
		{"sync", groupRespond, newSync},
		{"show", groupRead, newShow},
		{"due", groupRead, newDue},
		{"inbox", groupRead, newInbox},
		{"brief", groupRead, newBrief},
		{"list", groupRead, newList},
		{"search", groupRead, newSearch},
		{"log", groupRead, newLog},
		{"check", groupRead, newCheck},
		{"page", groupRespond, newPage},
		{"postmortem", groupAfter, newPostmortem},
		{"action", groupAfter, newAction},
		{"stats", groupAfter, newStats},
		{"close", groupAfter, newClose},
		{"init", groupSetup, newInit},
		{"clone", groupSetup, newClone},
		{"config", groupSetup, newConfig},
		{"glossary", groupSetup, newGlossary},
		{"trust", groupSetup, newTrust},
		{"doctor", groupSetup, newDoctor},
		{"demo", groupSetup, newDemo},
		{"version", groupSetup, newVersion},
	}
}

// newRoot makes the tree of commands. Where the first argument names one of them, nothing else is made: all
// together they take longer than the whole rest of a start.
func newRoot(d *deps, args []string) *cobra.Command {
	root := newEmptyRoot(d)
	all := commands()
	if i := slices.IndexFunc(all, func(c command) bool { return len(args) > 0 && c.name == args[0] }); i >= 0 {
		addCommands(root, d, all[i:i+1])
		root.CompletionOptions.DisableDefaultCmd = true
	} else {
		addCommands(root, d, all)
		root.SetCompletionCommandGroupID(groupSetup)
		root.AddCommand(topics()...)
		root.SetHelpCommand(newHelp())
		root.InitDefaultHelpCmd()
		addCompletion(root)
	}
	strict(root)
	return root
}

func addCommands(root *cobra.Command, d *deps, list []command) {
	for _, c := range list {
		cmd := c.make(d)
		cmd.GroupID = c.group
		root.AddCommand(cmd)
	}
}

// newEmptyRoot makes the command that all others are below.
func newEmptyRoot(d *deps) *cobra.Command {
	cobra.EnableCommandSorting = false // the order below is the order of use
	cobra.AddTemplateFunc("indent", func(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") })
	root := &cobra.Command{
		Use:   "incident",
		Short: "Keep incident records in git, and get the right words to each audience on time",
		Long: `incident keeps the record of an outage while you work on it: notes for engineers, the war room,
stakeholders and customers, the moves of its status, who leads, what was promised to whom. Each step is a
commit in a git repository of plain files. It needs no network, no server and no account.

Without a command it shows what is open and what is owed.`,
		Example: `incident open "Checkout errors" --severity sev2 --component Checkout=partial_outage
kubectl get events | incident note -
incident note -a customer --next 30m "One in five card payments fails. We are withdrawing the change that caused it."
incident status identified -m "A change to payments is the cause; it is being rolled back."
incident resolve -a customer -m "Payments work again. One in five failed from 14:02 to 15:20, because of a change."
incident postmortem`,
		Args:          unknownCommand,
		Version:       firstOf(d.Version.Number, "devel"),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			d.ready(cmd.Root())
			if d.output == outputSARIF && cmd.Name() != "check" {
				return usage("incident check", "sarif is a format for findings in words")
			}
			return refuseEmpty(cmd)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return (&overviewCmd{d}).run(cmd.Context()) },
	}
	d.addFlags(root)
	root.Flags().BoolP("version", "v", false, "the same as the command version")
	must(root.Flags().MarkHidden("version"))
	root.SetVersionTemplate("incident {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddGroup(
		&cobra.Group{ID: groupRespond, Title: "While it lasts:"},
		&cobra.Group{ID: groupRead, Title: "Look:"},
		&cobra.Group{ID: groupAfter, Title: "Afterwards:"},
		&cobra.Group{ID: groupSetup, Title: "Set up:"},
	)
	root.SetUsageTemplate(usageTemplate)
	return root
}

// newHelp replaces cobra's own, which succeeds for a word that it does not know.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND | PAGE]",
		GroupID: groupSetup,
		Short:   "Explain a command, or print a page on one subject",
		Long:    "Explains a command, or prints a page on one subject: audiences, statuses, times, exit-codes, environment, formats.",
		Example: "incident help note\nincident help exit-codes",
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err == nil {
				err = unknownCommand(found, rest)
			}
			if err != nil {
				return err
			}
			found.InitDefaultHelpFlag()
			found.InitDefaultVersionFlag()
			return found.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return wordsOf(cmd.Root()), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// strict makes every mistake of usage an error of one kind. cobra itself prints help and succeeds for an
// unknown word after a command that only groups others, such as completion.
func strict(c *cobra.Command) {
	args := c.Args
	switch {
	case c.HasSubCommands() && !c.Runnable():
		c.Args = cobra.ArbitraryArgs
		c.RunE = func(c *cobra.Command, args []string) error {
			if err := unknownCommand(c, args); err != nil {
				return err
			}
			return usage("", "%s needs a command: %s", c.CommandPath(), strings.Join(commandNames(c), ", "))
		}
	case args != nil && c.HasParent():
		c.Args = func(c *cobra.Command, given []string) error {
			if err := args(c, given); err != nil {
				return asUsage(err, c)
			}
			return nil
		}
	}
	for _, s := range c.Commands() {
		strict(s)
	}
}
