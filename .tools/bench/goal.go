package main

import (
	"fmt"
)

// What is to be reached. Ratios hold on every machine. Times and rates do not: they are meant for the
// machine on which `git version` takes [unit], and count as reached where they would be there, too.

// unit is what `git version` takes, start to exit, on the machine that the goals are meant for.
const unit = 1.2 // ms

// measure says how a goal is compared.
type measure int

const (
	atMost  measure = iota // as it is: ratios, sizes
	atLeast                // as it is, more is better
	within                 // a time that depends on the machine
	rate                   // a rate that depends on the machine, more is better
)

type goal struct {
	measure measure
	limit   float64
	unit    string
}

func (g *goal) String() string {
	sign := "≤"
	if g.measure == atLeast || g.measure == rate {
		sign = "≥"
	}
	return fmt.Sprintf("%s %g%s", sign, g.limit, g.unit)
}

// scaled is a value as it would be on the machine of the goals, where git is slower here by a factor. A
// machine that is faster than that one is asked for no more than the goal.
func (g *goal) scaled(value, slower float64) float64 {
	slower = max(1, slower)
	switch g.measure {
	case within:
		return value / slower
	case rate:
		return value * slower
	default:
		return value
	}
}

func (g *goal) met(value float64) bool {
	if g.measure == atLeast || g.measure == rate {
		return value >= g.limit
	}
	return value <= g.limit
}

// row is one line of the answer.
type row struct {
	Name   string   `json:"name"`
	What   string   `json:"what"`
	Ours   *summary `json:"incident"` // null where nothing was timed
	Other  *summary `json:"other"`
	Ratio  float64  `json:"ratio_of_medians"` // as the goal asks for it; 0 where there is none
	Paired float64  `json:"median_of_ratios"`
	Value  float64  `json:"value"`  // what the goal is about
	Scaled float64  `json:"scaled"` // to the machine of the goals
	Unit   string   `json:"unit"`
	Goal   string   `json:"goal"` // "" where nothing is asked
	Met    *bool    `json:"met"`  // null without a goal
}

// judge compares with a goal. On this machine git is slower by a factor than on that of the goals.
func (r *row) judge(g goal, value, slower float64) {
	r.Value, r.Scaled, r.Unit, r.Goal = value, g.scaled(value, slower), g.unit, g.String()
	met := g.met(r.Scaled)
	r.Met = &met
}

// missed lists the rows whose goal was not reached.
func missed(rows []row) []string {
	var out []string
	for _, r := range rows {
		if r.Met != nil && !*r.Met {
			out = append(out, r.Name)
		}
	}
	return out
}

// versus makes a row from pairs that ran in turn. The ratio is over divided by under, both of the two.
func versus(name, what string, ours, other []sample, faster bool) row {
	r := row{Name: name, What: what, Ours: summarize(ours), Other: summarize(other)}
	over, under := walls(ours), walls(other)
	if faster {
		over, under = under, over
	}
	r.Paired = median(ratios(over, under))
	if m := median(under); m > 0 {
		r.Ratio = median(over) / m
	}
	r.Value, r.Scaled, r.Unit = r.Paired, r.Paired, "x"
	return r
}
