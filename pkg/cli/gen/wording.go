package main

import (
	"fmt"
	"strings"

	"incident/pkg/clarity"
)

const wordingIntro = `# Wording rules

What ` + "`incident`" + ` looks for in the words of an update: before it records one for customers, stakeholders or the war room,
and in any text with ` + "`incident check`" + `. Engineers' notes are never read. Why words are checked, and how, is in
[good-updates.md](../explanation/good-updates.md).

An error refuses the update (exit 7) unless ` + "`--accept RULE --reason TEXT`" + ` lets it pass; a warning is told, and stops nobody.
The levels below are those of a team that has set no others; the key ` + "`wording`" + ` in ` + "`.incident/config.yaml`" + ` does, by rule or by
fault: ` + "`sanitised: {customer: error, stakeholder: off}`" + `.
`

// wording is the reference page of the wording rules.
func wording() []byte {
	var b strings.Builder
	b.WriteString(wordingIntro)
	rules := clarity.Rules()
	b.WriteString("\n| rule | finds | customers | stakeholders | war room |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range rules {
		anchor := strings.ReplaceAll(r.ID, "/", "")
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s | %s | %s |\n", r.ID, anchor, cell(r.Summary), r.Defaults.Customer, r.Defaults.Stakeholder, r.Defaults.Internal)
	}
	for _, r := range rules {
		fmt.Fprintf(&b, "\n## %s\n\n%s. %s\n\n- before: %s\n- after: %s\n", r.ID, sentence(r.Summary), r.Why, r.Before, r.After)
	}
	return []byte(b.String())
}

// cell keeps a text within its cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
