package cli

import (
	"github.com/spf13/cobra"
)

type versionCmd struct{ *deps }

func newVersion(d *deps) *cobra.Command {
	c := versionCmd{d}
	return &cobra.Command{
		Use:   "version",
		Short: "Print which incident this is",
		Args:  arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			v := c.Version
			return c.print(versionJSON{schema, v.Number, v.Commit, v.Date, v.Go})
		},
	}
}

// versionJSON is the answer to version.
type versionJSON struct {
	Schema  string `json:"schema"`
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
	Go      string `json:"go"`
}

func (v versionJSON) ids() []string { return []string{v.Version} }

func (v versionJSON) table(d *deps) {
	line := "incident " + v.Version
	for _, s := range []string{v.Commit[:min(12, len(v.Commit))], v.Date, v.Go} {
		if s != "" {
			line += "  " + s
		}
	}
	d.out.Line(line)
}
