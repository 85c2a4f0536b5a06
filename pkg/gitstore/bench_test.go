package gitstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkCommit commits one entry by each way in turn, in one repository, and what a person would type
// beside it, which puts nothing on disk. What counts are the ratios: how many times faster than the person
// the two ways are.
func BenchmarkCommit(b *testing.B) {
	for _, incidents := range []int{10, 1000} {
		b.Run(fmt.Sprintf("incidents=%d", incidents), func(b *testing.B) {
			var took [3][]time.Duration
			x := benchBox(b, incidents)
			n := 0
			person := func(name string) {
				x.file(name, name+"\n")
				x.git("add", name)
				x.git("commit", "-q", "-m", "A message")
			}
			ours := func(fast bool) func(string) {
				return func(name string) { x.commitBy(fast, name, name+"\n") }
			}
			// The first of ours after a person's looks whether that dropped anything; it is not counted.
			ways := []func(name string){ours(true), ours(true), ours(false), person}
			for b.Loop() {
				for i, way := range ways {
					n++
					name := fmt.Sprintf("incidents/2026/11/23/a/timeline/%d.md", n)
					start := time.Now()
					way(name)
					if i > 0 {
						took[i-1] = append(took[i-1], time.Since(start))
					}
				}
			}
			b.ReportMetric(0, "ns/op")
			for i, name := range []string{"fast", "slow", "git"} {
				b.ReportMetric(median(took[i]), name+"-ms")
			}
			b.ReportMetric(median(took[2])/median(took[0]), "git/fast")
			b.ReportMetric(median(took[2])/median(took[1]), "git/slow")
		})
	}
}

func median(d []time.Duration) float64 {
	slices.Sort(d)
	return float64(d[len(d)/2]) / float64(time.Millisecond)
}

// benchBox is a repository with incidents of four entries each, some a day. Git syncs there what it syncs.
func benchBox(b *testing.B, incidents int) *box {
	b.Helper()
	x := emptyBox(b)
	x.env = slices.DeleteFunc(x.env, func(kv string) bool { return strings.HasPrefix(kv, "GIT_TEST_FSYNC") })
	x.git("init", "--quiet", "--initial-branch=main")
	x.git("config", "gc.auto", "0")
	day := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range incidents {
		for j := range 4 {
			x.file(fmt.Sprintf("incidents/%s/incident-%d/timeline/%d.md", day.AddDate(0, 0, i/3).Format("2006/01/02"), i, j), fmt.Sprint(i, j, "\n"))
		}
	}
	x.git("add", ".")
	x.git("commit", "-qm", "records")
	x.git("gc", "-q")
	return x
}
