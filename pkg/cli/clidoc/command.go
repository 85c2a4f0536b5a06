package clidoc

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// page is one command, or one topic of help, as the writers need it.
type page struct {
	path      string // as it is typed: "incident config check", "incident help times"
	group     string // the heading that help puts it under
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
		group:    groupOf(c),
		parent:   parent,
		short:    strings.TrimSuffix(c.Short, "."),
		long:     blocks(c.Long),
		aliases:  c.Aliases,
		examples: dedent(c.Example),
	}
	if isTopic(c) {
		p.path = c.Parent().CommandPath() + " help " + c.Name()
		return p
	}
	p.synopsis = c.UseLine()
	p.flags = flags(c.NonInheritedFlags())
	p.inherited = flags(c.InheritedFlags())
	return p
}

// isTopic reports whether c only has a text for help.
func isTopic(c *cobra.Command) bool {
	return c.HasParent() && !c.Runnable() && !c.HasSubCommands()
}

func groupOf(c *cobra.Command) string {
	if isTopic(c) {
		return "Topics of help"
	}
	for p := c; p.HasParent(); p = p.Parent() {
		for _, g := range p.Parent().Groups() {
			if g.ID == p.GroupID {
				return strings.TrimSuffix(g.Title, ":")
			}
		}
	}
	return "Commands"
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
		if value == "" && f.Value.Type() != "bool" {
			value = "VALUE"
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
