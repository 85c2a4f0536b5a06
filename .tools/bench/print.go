package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
)

// table prints the rows.
func table(out io.Writer, rows []row) error {
	t := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "ROW\tINCIDENT, ms\tCPU\tOTHER, ms\tCPU\tRATIO\tPAIRED\tVALUE\tSCALED\tGOAL\t\tWHAT")
	for _, r := range rows {
		verdict := ""
		if r.Met != nil {
			verdict = map[bool]string{true: "met", false: "MISSED"}[*r.Met]
		}
		fmt.Fprintln(t, strings.Join([]string{
			r.Name, r.Ours.String(), r.Ours.cpu(), r.Other.String(), r.Other.cpu(), figure(r.Ratio, "x"), figure(r.Paired, "x"),
			figure(r.Value, r.Unit), figure(r.Scaled, r.Unit), r.Goal, verdict, r.What,
		}, "\t"))
	}
	return t.Flush()
}

// String is the median, and between which values all lie.
func (s *summary) String() string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%s (%s–%s)", digits(s.Median), digits(s.Min), digits(s.Max))
}

// cpu is what the processors were busy for: on a machine that others use, too, it says more than the time.
func (s *summary) cpu() string {
	if s == nil {
		return ""
	}
	return digits(s.CPU)
}

func figure(v float64, unit string) string {
	if v == 0 {
		return ""
	}
	return digits(v) + unit
}

// digits are three, or all of a larger number.
func digits(v float64) string {
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

// save writes the rows for programs.
func save(file string, rows []row, git string) error {
	raw, err := json.MarshalIndent(struct {
		System string `json:"system"`
		CPUs   int    `json:"cpus"`
		Git    string `json:"git"`
		Rows   []row  `json:"rows"`
	}{runtime.GOOS + "/" + runtime.GOARCH, runtime.NumCPU(), git, rows}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(raw, '\n'), 0o644)
}
