package record_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident/incidenttest"
	"incident/pkg/record"
)

// large makes a record of n incidents of four entries each, three a day, all but the newest ten closed. The
// newest has more entries.
func large(b *testing.B, n int) *record.Record {
	b.Helper()
	dir := b.TempDir()
	env := append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	o := record.Options{Env: func(string) string { return "" }, Environ: env, Now: func() time.Time { return incidenttest.At(0) }, User: func() string { return "ana" }, Warn: func(string) {}}
	made, err := record.Init(b.Context(), filepath.Join(dir, "records"), o)
	require.NoError(b, err)

	var in bytes.Buffer
	fmt.Fprintf(&in, "commit refs/heads/main\ncommitter P <p@b> 1700000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\n")
	for i := range n {
		at := incidenttest.At(0).AddDate(0, 0, -i/3)
		id := fmt.Sprintf("%s-checkout-errors-%d", at.Format("20060102"), i)
		labels := []string{"opened", "note-technical", "status-resolved", "status-closed"}
		switch {
		case i == 0:
			labels = append(labels[:1], slices.Repeat(labels[1:2], longest-1)...)
		case i < 10:
			labels = labels[:2]
		}
		for m, label := range labels {
			at := at.Add(time.Duration(m) * time.Minute)
			name := fmt.Sprintf("%s-%s-%06d", at.Format("20060102T150405.000Z"), label, i*longest+m)
			head := map[string]string{
				"opened":          "kind: opened\naudience: internal\ntitle: Checkout errors\nseverity: sev2\nkey: alert-" + fmt.Sprint(i),
				"note-technical":  "kind: note\naudience: technical",
				"status-resolved": "kind: status\naudience: internal\nstatus: resolved",
				"status-closed":   "kind: status\naudience: internal\nstatus: closed",
			}[label]
			raw := fmt.Sprintf("---\nschema: 1\n%s\nat: %s\nauthor: Ana Lima <ana@example.com>\n---\n\nThe p99 of payments-api is at 9 s since deploy %d.\n", head, at.Format(time.RFC3339), i)
			fmt.Fprintf(&in, "M 100644 inline %s\ndata %d\n%s\n", record.PathOf(id, name), len(raw), raw)
		}
	}
	cmd := exec.Command("git", "fast-import", "--quiet", "--force")
	cmd.Dir, cmd.Env, cmd.Stdin = made.Record.Dir(), env, &in
	out, err := cmd.CombinedOutput()
	require.NoError(b, err, string(out))
	reset := exec.Command("git", "reset", "--quiet", "--hard")
	reset.Dir, reset.Env = made.Record.Dir(), env
	require.NoError(b, reset.Run())
	return made.Record
}

// longest is how many entries the newest incident has.
const longest = 500

// BenchmarkRead reads with a cache that is up to date; the first time, without one.
func BenchmarkRead(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		r := large(b, n)
		for _, bm := range []struct {
			name string
			do   func(*record.Reader) (int, error)
			want int
		}{
			{"open", func(d *record.Reader) (int, error) { open, err := d.Open(); return len(open), err }, 10},
			{"newest", func(d *record.Reader) (int, error) {
				inc, err := d.Incident("20261123-checkout-errors-0")
				return len(inc.Timeline), err
			}, longest},
			{"all", func(d *record.Reader) (int, error) { all, err := d.All(); return len(all), err }, n},
			{"ids", func(d *record.Reader) (int, error) { ids, err := d.IDs(); return len(ids), err }, n},
			{"resolve", func(d *record.Reader) (int, error) { l, err := d.Resolve("errors-7"); return len(l), err }, 1},
			{"resolve nothing", func(d *record.Reader) (int, error) { l, err := d.Resolve("nothing"); return len(l), err }, 0},
			{"entry", func(d *record.Reader) (int, error) { l, err := d.FindEntry("003500"); return len(l), err }, 1},
		} {
			read := func(b *testing.B) {
				d, err := r.Read(b.Context())
				require.NoError(b, err)
				got, err := bm.do(d)
				require.NoError(b, err)
				require.Equal(b, bm.want, got)
				require.NoError(b, d.Close())
			}
			b.Run(fmt.Sprintf("%d/%s", n, bm.name), func(b *testing.B) {
				read(b)
				for b.Loop() {
					read(b)
				}
			})
			b.Run(fmt.Sprintf("%d/%s/first", n, bm.name), func(b *testing.B) {
				for b.Loop() {
					require.NoError(b, os.RemoveAll(filepath.Join(r.Dir(), ".git", "incident", "cache")))
					read(b)
				}
			})
		}
	}
}
