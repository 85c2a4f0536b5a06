package clidoc

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// page is one command as the writers need it.
type page struct {
	path      string // "incident config check"
	parent    *page  // nil for the root
	short     string
	long      []block
	synopsis  string // empty for a topic of `help`
	aliases   []string
	examples  string
	flags     []flag
	inherited []flag
	children  []*page
}

// flag is one flag as people type it.
type flag struct {
	names string // "-a, --audience AUDIENCE"
	usage string // with its default
}

// pages lists root and everything below it that help shows, each parent before its children, in the
// order of help.
func pages(root *cobra.Command) []*page {
	// cobra adds these two only when a command runs.
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	var all []*page
	var walk func(c *cobra.Command, parent *page) *page
	walk = func(c *cobra.Command, parent *page) *page {
		p := newPage(c, parent)
		all = append(all, p)
		for _, child := range c.Commands() {
			if !child.Hidden && child.Deprecated == "" {
				p.children = append(p.children, walk(child, p))
			}
		}
		return p
	}
	walk(root, nil)
	return all
}

func newPage(c *cobra.Command, parent *page) *page {
	// Also merges the flags of the parents; cobra's usage line depends on whether that was done already.
	c.InitDefaultHelpFlag()
	p := &page{
		path:     c.CommandPath(),
		parent:   parent,
		short:    strings.TrimSuffix(c.Short, "."),
		long:     blocks(c.Long),
		aliases:  c.Aliases,
		examples: dedent(c.Example),
	}
	if c.Runnable() || c.HasAvailableSubCommands() {
		p.synopsis = c.UseLine()
		p.flags = flags(c.NonInheritedFlags())
		p.inherited = flags(c.InheritedFlags())
	}
	return p
}

func flags(set *pflag.FlagSet) []flag {
	var out []flag
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" || f.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		names := "--" + f.Name
		if f.Shorthand != "" {
			names = "-" + f.Shorthand + ", " + names
		}
		if value != "" && f.NoOptDefVal == "" {
			names += " " + value
		}
		if said := defaultOf(f); said != "" && !strings.Contains(usage, "(default") {
			usage += " (default " + said + ")"
		}
		out = append(out, flag{names: names, usage: strings.TrimSpace(usage)})
	})
	return out
}

// defaultOf is what a flag means when it is left out, and empty where that is simply nothing.
func defaultOf(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "false", "0", "0s", "[]", "<nil>":
		return ""
	}
	if f.Value.Type() == "string" {
		return fmt.Sprintf("%q", f.DefValue)
	}
	return f.DefValue
}
