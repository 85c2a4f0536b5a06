package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/suggest"
	"incident/pkg/terminal"
)

// toFlags are the flags by which an entry is addressed.
func (w *writing) toFlags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&w.toWhom, "to", nil, "`WHO` it is addressed to, a team or a person (repeatable)")
	cmd.Flags().BoolVar(&w.toAnyone, "to-anyone", false, "also to somebody whom the configuration does not know")
}

// addressees are those to whom an entry is addressed, as the configuration spells them. Who is not known is asked about at a
// terminal.
func (w *writing) addressees(ctx context.Context, config record.Config) ([]string, error) {
	var list []string
	for _, name := range w.toWhom {
		if name = strings.TrimSpace(name); name == "" {
			return nil, usage("--to support", "the addressee is empty")
		}
		known, err := config.Addressee(name)
		if err != nil && w.toAnyone {
			known, err = name, nil
		}
		if err != nil {
			if known, err = w.meant(ctx, name, err); err != nil {
				return nil, err
			}
		}
		if !slices.Contains(list, known) {
			list = append(list, known)
		}
	}
	return list, nil
}

// meant asks whether somebody else was meant than the one whom the configuration does not know.
func (w *writing) meant(ctx context.Context, name string, unknown error) (string, error) {
	var who *incident.UnknownError
	if !errors.As(unknown, &who) || !w.prompt.Interactive() {
		return "", &advised{unknown, unknown.Error(), "--to-anyone addresses it all the same"}
	}
	options := []terminal.Option{{Value: name, Label: name + "   as typed: nobody of that name is known here"}}
	for _, known := range who.Known {
		options = append(options, terminal.Option{Value: known})
	}
	return w.prompt.Select(ctx, fmt.Sprintf("%q is no team or person here. To whom?", name), options, suggest.Closest(name, who.Known))
}
