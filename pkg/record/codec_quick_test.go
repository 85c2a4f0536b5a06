package record

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident/incidenttest"
)

// requireSame holds that what is read quickly is what yaml.v3 reads.
func requireSame(t *testing.T, front string) (read bool) {
	t.Helper()
	quick, ok := quickHeader([]byte(front))
	if !ok {
		return false
	}
	slow, err := yamlHeader([]byte(front))
	require.NoError(t, err, front)
	for _, h := range []*header{&quick, &slow} { // yaml.v3 and time.Parse name the zone in two ways
		h.At, h.Started, h.Next.By = inUTC(h.At), inUTC(h.Started), inUTC(h.Next.By)
		if h.Action != nil {
			h.Action.Due = inUTC(h.Action.Due)
		}
	}
	require.Equal(t, slow, quick, front)
	return true
}

// frontOf is the front matter of a file.
func frontOf(t *testing.T, raw []byte) string {
	t.Helper()
	front, _, err := split(raw)
	require.NoError(t, err)
	return string(front)
}

func TestQuickReadsWhatIsWritten(t *testing.T) {
	for name, e := range samples {
		raw, err := encode(e)
		require.NoError(t, err)
		require.True(t, requireSame(t, frontOf(t, raw)), name)
	}
	r := rand.New(rand.NewPCG(5, 6))
	read, all := 0, 0
	for range 1000 {
		for _, e := range incidenttest.Random(r).Entries {
			raw, err := encode(e)
			if err != nil {
				continue
			}
			all++
			if requireSame(t, frontOf(t, raw)) {
				read++
			}
		}
	}
	require.Greater(t, read, all*9/10)
}

// oddities are values and lines that YAML has its own ideas about.
var oddities = []string{
	"", " ", "~", "null", "Null", "NULL", "nUlL", "true", "True", "yes", "no", "on", "off", "y", "n", "none", "None", "12", "-1", "+1", "012", "0o7", "0x1f", "0b1", "1_000", "1e3", "1.5", ".5",
	"1.", "1.50", "NaN", "Inf", "+Inf", ".nan", ".inf", "-.INF", "123456789012345678901234567890", "9223372036854775807", "9223372036854775808", "2020-01-01", "2020-01-01 10:00:00", "2026-11-23t14:01:00Z", "2026-11-23T14:01:00.100Z", "2026-11-23T14:01:00+01:00",
	"2026-11-23T24:00:00Z", "2026-02-30T14:01:00Z", "0000-01-01T00:00:00Z", "12:30", "12:30:45", "a #b", "a# b", "a#b", "#a", "a: b", "a:b", "a:", "a :b", ": a", ":a", "- a", "-a", "-", "? a", "?a", "&a", "&a b", "*a", "!a", "!!str a",
	"!!binary YQ==", "<<", "=", "@a", "`a`", "%a", "|", ">", "|-", "[a]", "{a: b}", "[", "]", "{", "}", ",a", "a, b", "'a'", "'it''s'", "'a' ", "'a", "a'", "'a' b", `"a"`, `"a" `, `"a`, `"a\n"`, `"\u0041"`, `"a" #b`, `"a": b`, `"a" : "b"`,
	`'\n'`, "'null'", `"null"`, `"12"`, `"true"`, "' a '", `" a "`, "a\tb", "a\t", "\ta", "a\rb", "a\r", " a", "a ", "a  b", "---", "...", "--- a", "a ---", "é", "\u0085", "a\u0085b", "a\u2028b", "\ufeff", "a\ufeff", "\u00a0a", "a\u00a0", "\ufffd",
	"\ufffe", "\U0001f525", "\U0010ffff", "a\x00b", "a\x7fb", "sev1", "customer", "war room", "major", "partial_outage", "done",
}

// Wherever a value stands, and whatever it is: it is read as yaml.v3 reads it, or left to it.
func TestQuickReadsNothingAsSomethingElse(t *testing.T) {
	for _, e := range samples {
		raw, err := encode(e)
		require.NoError(t, err)
		lines := strings.SplitAfter(frontOf(t, raw), "\n")
		with := func(i int, line string) {
			changed := append([]string{}, lines...)
			changed[i] = line
			requireSame(t, strings.Join(changed, ""))
		}
		for i, line := range lines {
			key, _, valued := strings.Cut(line, ": ")
			with(i, "")
			with(i, line+line)
			with(i, " "+line)
			with(i, "\n"+line)
			with(i, line+"    - a\n")
			with(i, "x: 1\n"+line)
			for _, odd := range oddities {
				with(i, odd+line)
				with(i, odd+"\n"+line)
				with(i, line+odd+"\n")
				with(i, line+"  "+odd+"\n")
				with(i, line+"      "+odd+"\n")
				with(i, strings.TrimSuffix(line, "\n")+odd+"\n")
				if valued {
					with(i, key+": "+odd+"\n")
					with(i, key+":"+odd+"\n")
				} else if strings.HasPrefix(line, quickItem) {
					with(i, quickItem+odd+"\n")
				}
			}
		}
	}
}

func FuzzQuickHeader(f *testing.F) {
	for _, e := range samples {
		raw, err := encode(e)
		require.NoError(f, err)
		front, _, err := split(raw)
		require.NoError(f, err)
		f.Add(strings.TrimSuffix(string(front), "\n"))
	}
	for _, odd := range oddities {
		f.Add(fmt.Sprintf("schema: 1\nkind: note\ntitle: %s\ntags:\n    - %s\nshare: %s", odd, odd, odd))
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if front, _, err := split([]byte("---\n" + raw + "\n---\n")); err == nil { // it is UTF-8, of a size, and ends with its line
			requireSame(t, string(front))
		}
	})
}
