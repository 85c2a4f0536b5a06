package clarity_test

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/clarity"
	"incident/pkg/incident"
)

// sample is an update of the corpus; testdata/README.md describes the files.
type sample struct {
	where    string
	context  clarity.Context
	text     string
	expected []string
	either   []string // that may be found or not: readers disagree
	faults   []string // of which any rule will do
}

func corpus(t testing.TB, pattern string) []sample {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []sample
	for _, file := range files {
		f, err := os.Open(file)
		require.NoError(t, err)
		s := sample{}
		lines := bufio.NewScanner(f)
		for n := 1; lines.Scan(); n++ {
			line := lines.Text()
			switch {
			case strings.HasPrefix(line, "//"):
			case strings.HasPrefix(line, "@"):
				require.Empty(t, s.text, "%s:%d: the sample before has no line with what is expected", file, n)
				s = sample{where: fmt.Sprintf("%s:%d", filepath.Base(file), n), context: parseContext(t, line[1:])}
			case strings.HasPrefix(line, ">"):
				for word := range strings.FieldsSeq(line[1:]) {
					rule, either := strings.CutPrefix(word, "?")
					switch {
					case rule == "good":
					case slices.Contains(faultNames, rule) && !either:
						s.faults = append(s.faults, rule)
					case !slices.ContainsFunc(clarity.Rules(), func(r clarity.Rule) bool { return r.ID == rule }):
						require.Fail(t, "no such rule", "%s:%d: %s", file, n, rule)
					case either:
						s.either = append(s.either, rule)
					default:
						s.expected = append(s.expected, rule)
					}
				}
				s.text = strings.TrimSpace(s.text)
				require.NotEmpty(t, s.where, "%s:%d", file, n)
				all = append(all, s)
				s = sample{}
			default:
				s.text += line + "\n"
			}
			if s.where == "" {
				s.text = ""
			}
		}
		require.NoError(t, lines.Err())
		f.Close()
	}
	return all
}

func parseContext(t testing.TB, line string) clarity.Context {
	t.Helper()
	c := clarity.Context{Audience: incident.Customer, Status: incident.Investigating, Next: true}
	for part := range strings.SplitSeq(line, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		value = strings.TrimSpace(value)
		list := strings.Split(value, ",")
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		word, rest, _ := strings.Cut(key, " ")
		switch word {
		case "":
		case "no-next":
			c.Next = false
		case "moved":
			c.Moved = true
		case "components":
			for _, name := range list {
				c.Components = append(c.Components, clarity.Component{Name: name, State: incident.PartialOutage})
			}
		case "known":
			c.Known = list
		case "title":
			c.Title = value
		case "narrower":
			c.Narrower = value
		case "impact":
			require.NoError(t, c.Impact.UnmarshalText([]byte(rest)))
		case "earlier":
			ago, err := time.ParseDuration(rest)
			require.NoError(t, err)
			c.Earlier = append(c.Earlier, clarity.Update{Text: value, Ago: ago, At: "14:05"})
		default:
			if err := c.Audience.UnmarshalText([]byte(key)); err == nil {
				continue
			}
			require.NoError(t, c.Status.UnmarshalText([]byte(key)))
		}
	}
	return c
}

// tally counts what was found, missed and found by mistake.
type tally struct{ right, missed, wrong int }

func (t tally) recall() float64    { return share(t.right, t.missed) }
func (t tally) precision() float64 { return share(t.right, t.wrong) }

func share(a, b int) float64 {
	if a+b == 0 {
		return 1
	}
	return float64(a) / float64(a+b)
}

var faultNames = []string{"jargon", "pointless", "sanitised", "needless"}

func fault(rule string) string {
	f, _, _ := strings.Cut(rule, "/")
	return f
}

// measure compares what is expected with what is found, by rule and by fault.
func measure(samples []sample, mistake func(sample, string, bool)) (rules, faults map[string]*tally, good tally) {
	rules, faults = map[string]*tally{}, map[string]*tally{}
	of := func(m map[string]*tally, key string) *tally {
		if m[key] == nil {
			m[key] = &tally{}
		}
		return m[key]
	}
	for _, s := range samples {
		found := map[string]bool{}
		for _, f := range clarity.Check(s.text, s.context) {
			found[f.Rule] = true
		}
		wanted, hit, maybe := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, rule := range s.either {
			maybe[fault(rule)] = true
		}
		for _, f := range s.faults {
			wanted[f] = true
			if !slices.ContainsFunc(slices.Collect(maps.Keys(found)), func(rule string) bool { return fault(rule) == f }) {
				mistake(s, f, false)
			}
		}
		for _, rule := range s.expected {
			wanted[fault(rule)] = true
			if found[rule] {
				of(rules, rule).right++
			} else {
				of(rules, rule).missed++
				mistake(s, rule, false)
			}
		}
		for rule := range found {
			if slices.Contains(s.either, rule) {
				continue
			}
			hit[fault(rule)] = true
			if !slices.Contains(s.expected, rule) && !slices.Contains(s.faults, fault(rule)) {
				of(rules, rule).wrong++
				mistake(s, rule, true)
			}
		}
		for f := range wanted {
			if hit[f] {
				of(faults, f).right++
			} else {
				of(faults, f).missed++
			}
		}
		for f := range hit {
			if !wanted[f] && !maybe[f] {
				of(faults, f).wrong++
			}
		}
		if len(s.expected)+len(s.faults) == 0 {
			if len(hit) == 0 {
				good.right++
			} else {
				good.wrong++
			}
		}
	}
	return rules, faults, good
}

var (
	report = flag.Bool("report", false, "print recall and precision of each rule over the corpus")
	only   = flag.String("corpus", "*.txt", "which files of the corpus")
)

// TestCorpus holds the rules to updates that people have labelled.
func TestCorpus(t *testing.T) {
	samples := corpus(t, *only)
	var mistakes []string
	rules, faults, good := measure(samples, func(s sample, rule string, wrong bool) {
		kind := "missed"
		if wrong {
			kind = "wrong "
		}
		mistakes = append(mistakes, fmt.Sprintf("%s %-26s %s: %s", kind, rule, s.where, s.text))
	})
	if *report {
		fmt.Printf("%d updates\n\n%-28s %7s %9s %6s %6s %6s\n", len(samples), "", "recall", "precision", "right", "missed", "wrong")
		line := func(name string, v *tally) {
			if v != nil {
				fmt.Printf("%-28s %7.2f %9.2f %6d %6d %6d\n", name, v.recall(), v.precision(), v.right, v.missed, v.wrong)
			}
		}
		for _, f := range faultNames {
			line(f, faults[f])
			for _, r := range clarity.Rules() {
				if fault(r.ID) == f {
					line("  "+r.ID, rules[r.ID])
				}
			}
		}
		fmt.Printf("\ngood updates without a finding: %d of %d\n\n", good.right, good.right+good.wrong)
		slices.Sort(mistakes)
		fmt.Println(strings.Join(mistakes, "\n"))
	}
	for _, f := range faultNames {
		require.NotNil(t, faults[f], f)
		require.GreaterOrEqual(t, faults[f].recall(), 0.9, "recall of %s", f)
		require.GreaterOrEqual(t, faults[f].precision(), 0.9, "precision of %s", f)
	}
}
