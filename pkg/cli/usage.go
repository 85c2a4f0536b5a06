package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"incident/pkg/incident"
	"incident/pkg/suggest"
)

// errUsage reports a command line that cannot be understood.
var errUsage = errors.New("usage")

// advised is an error of one kind with what a person can do about it.
type advised struct {
	kind        error
	msg, remedy string
}

func (e *advised) Error() string  { return e.msg }
func (e *advised) Unwrap() error  { return e.kind }
func (e *advised) Remedy() string { return e.remedy }

func usage(remedy, format string, args ...any) error {
	return &advised{errUsage, fmt.Sprintf(format, args...), remedy}
}

// asUsage makes a complaint of cobra's about arguments one of ours.
func asUsage(err error, c *cobra.Command) error {
	if errors.Is(err, errUsage) {
		return err
	}
	return usage("usage: "+c.UseLine(), "%s", err)
}

// arguments takes that many arguments. More are mostly words that lack quotes.
func arguments(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		switch n := len(given); {
		case n < least:
			return usage("usage: "+c.UseLine(), "%s needs %s, not %s", c.CommandPath(), plural(least, "argument"), plural(n, "argument"))
		case n > most && most == 0:
			return usage("usage: "+c.UseLine(), "%s takes no argument: %s", c.CommandPath(), shellWords(given[:1]))
		case n > most:
			quoted := append(slices.Clone(given[:most-1]), strings.Join(given[most-1:], " "))
			return usage("words that belong together need quotes: "+c.CommandPath()+" "+shellWords(quoted), "%s are too many", plural(n, "argument"))
		}
		return nil
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// guesses are words that people try and that no command has; the right ones are named.
var guesses = map[string]string{
	"update":        `"note" says something, "status" moves it, "set" changes facts`,
	"add":           `"note" says something, "open" makes an incident`,
	"delete":        `nothing is ever deleted; "note --retract" withdraws words`,
	"remove":        `nothing is ever deleted; "note --retract" withdraws words`,
	"rm":            `nothing is ever deleted; "note --retract" withdraws words`,
	"retract":       `"note --retract ENTRY"`,
	"withdraw":      `"note --retract ENTRY"`,
	"correct":       `"note --correct ENTRY"`,
	"edit":          `"note --correct" puts words right, "set" changes facts`,
	"severity":      `"set --severity"`,
	"escalate":      `"set --severity"`,
	"impact":        `"set --impact"`,
	"title":         `"set --title"`,
	"role":          `"assign"`,
	"commander":     `"assign commander WHO"`,
	"history":       `"log"`,
	"timeline":      `"show" for people, "log" for the audit trail`,
	"due":           `"incident" alone shows what is owed`,
	"search":        `"list" with --since, --component, --severity`,
	"push":          `"sync", or plain "git push"`,
	"pull":          `"sync", or plain "git pull"`,
	"fetch":         `"sync --fetch-only"`,
	"identify":      `"status identified"`,
	"identified":    `"status identified"`,
	"mitigated":     `"status monitoring"`,
	"monitor":       `"status monitoring"`,
	"monitoring":    `"status monitoring"`,
	"investigating": `"status investigating"`,
	"resolved":      `"resolve"`,
	"fixed":         `"resolve"`,
	"closed":        `"close"`,
}

// unknownCommand refuses a word that is no command, and names what was meant.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	word := args[0]
	if meant, ok := guesses[strings.ToLower(word)]; ok && !c.HasParent() {
		return usage("did you mean: "+meant, "unknown command %q", word)
	}
	if meant := suggest.Closest(word, wordsOf(c)); meant != "" {
		return usage("", "unknown command %q; did you mean %q?", word, meant)
	}
	remedy := c.CommandPath() + " --help lists the commands"
	if below := commandNames(c); c.HasParent() && below != nil {
		remedy = "one of " + strings.Join(below, ", ")
	}
	return usage(remedy, "unknown command %q", word)
}

// wordsOf are the commands below c and the pages of its help.
func wordsOf(c *cobra.Command) []string {
	names := commandNames(c)
	for _, s := range c.Commands() {
		if s.IsAdditionalHelpTopicCommand() {
			names = append(names, s.Name())
		}
	}
	return names
}

func commandNames(c *cobra.Command) []string {
	var names []string
	for _, s := range c.Commands() {
		if s.IsAvailableCommand() {
			names = append(append(names, s.Name()), s.Aliases...)
		}
	}
	return names
}

// flagError explains a flag that is unknown or has a wrong value.
func flagError(c *cobra.Command, err error) error {
	var unknownFlag *pflag.NotExistError
	var wrong *pflag.InvalidValueError
	var vocabulary *incident.UnknownError
	var number *strconv.NumError
	switch {
	case errors.As(err, &vocabulary):
		return vocabulary
	case errors.As(err, &unknownFlag):
		var known []string
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		name := strings.TrimLeft(unknownFlag.GetSpecifiedName(), "-")
		if meant := suggest.Closest(name, known); meant != "" {
			return usage("", "unknown flag --%s; did you mean --%s?", name, meant)
		}
		remedy := c.CommandPath() + " --help lists its flags"
		if c.Args != nil && c.Args(c, []string{"-"}) == nil {
			remedy += `; words that begin with - go after --: ` + c.CommandPath() + ` -- "-5 degrees"`
		}
		if short := unknownFlag.GetSpecifiedShortnames(); short != "" {
			return usage(remedy, "unknown flag %q", "-"+short)
		}
		return usage(remedy, "unknown flag --%s", name)
	case errors.As(err, &wrong) && errors.As(err, &number):
		return usage("", "--%s %q: a whole number is needed", wrong.GetFlag().Name, wrong.GetValue())
	case errors.As(err, &wrong):
		return usage("", "--%s %q: %s", wrong.GetFlag().Name, wrong.GetValue(), wrong.Unwrap())
	default:
		return usage(c.CommandPath()+" --help lists its flags", "%s", err)
	}
}

// mayBeEmpty are flags of words, where a script that has none to give says nothing.
var mayBeEmpty = map[string]bool{"message": true, "affected": true, "doing": true, "advice": true}

// refuseEmpty refuses flags with an empty value: in a script that is a variable which nobody has set, and
// --correct "" must not become an ordinary note, nor --key "" a write without a key. Only words may be
// empty; the commands say what they make of that.
func refuseEmpty(c *cobra.Command) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && !mayBeEmpty[f.Name] && f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == "" {
			err = usage("leave it out, or give it a value", "--%s is empty", f.Name)
		}
	})
	return err
}

// shellWords writes arguments as they would be typed.
func shellWords(args []string) string {
	special := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@%+=:,./-_", r)
	}
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`")
	var typed []string
	for _, a := range args {
		if a == "" || strings.ContainsFunc(a, special) {
			a = `"` + escaped.Replace(a) + `"`
		}
		typed = append(typed, a)
	}
	return strings.Join(typed, " ")
}
