package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/clarity"
	"incident/templates"
)

// configDecided is the sum of the code that decides what is made of a configuration, and of the rules that one can name.
const configDecided = "307d67cb1ce81f01007e8a2c"

// A cache that another version of the program made must not tell what that version understood.
func TestConfigFormatGoesWithWhatItHolds(t *testing.T) {
	names := sha256.Sum256([]byte(strings.Join(clarity.Names(), " ")))
	sum := hex.EncodeToString(names[:4]) + codeSum(t, "tape.go", "../tape/tape.go", "config.go", "config_read.go", "config_cache.go", "../when/duration.go",
		"../clarity/clarity.go", "../incident/audience.go", "../incident/cadence.go", "../incident/severity.go")
	require.Equal(t, configDecided, sum,
		"the code has changed: raise the number in configMagic if a cache that was made before would now be read otherwise, or its file; then put the new sum above")
}

func TestTapeHoldsAllOfAConfiguration(t *testing.T) {
	var c, again Config
	fillIn(t, rand.New(rand.NewPCG(1, 1)), reflect.ValueOf(&c).Elem())
	w := writing()
	w.config(&c)
	r := reading(w.Written())
	r.config(&again)
	require.True(t, r.Ended())
	require.Equal(t, c, again)
}

// ownConfig sets all that a team can.
const ownConfig = `
components: [{name: Checkout, group: Shop, description: Paying}, {name: Search}]
teams: [{name: support, people: [ana@example.com, Ben]}]
severities: {sev1: {meaning: All is lost, cadence: {customer: {first: 5m}, internal: none}, postmortem: none}}
default_severity: sev2
wording: {jargon: {customer: error}, jargon/acronym: {stakeholder: "off"}}
time_zone: Europe/Berlin
page: {name: Shop, address: https://status.example.com, language: de, partial_weight: 0.25, domain: status.example.com,
  links: [{text: Ask, address: mailto:a@example.com}], questions: Ask us, names: true, colours: {link: "#0b57a4"}}
`

func configShelves(t *testing.T) shelves {
	t.Helper()
	return shelves{dir: filepath.Join(t.TempDir(), cacheDir)}
}

func TestConfigurationIsReadFromTheCache(t *testing.T) {
	t.Parallel()
	for rule, raw := range map[string]string{"no file": "", "the built-in one": string(templates.Config), "a team's": ownConfig} {
		t.Run(rule, func(t *testing.T) {
			c := configShelves(t)
			want, findings := ParseConfig([]byte(raw))
			require.Empty(t, findings)
			first, _ := c.config([]byte(raw))
			require.Equal(t, want, first)
			_, ok := c.loadConfig(configSum([]byte(raw)))
			require.True(t, ok)
			second, findings := c.config([]byte(raw))
			require.Empty(t, findings)
			require.Equal(t, want.Origins(), second.Origins())
			require.Equal(t, fmt.Sprint(want.inWords()), fmt.Sprint(second.inWords()))
			_, ok = c.loadConfig(configSum([]byte(raw + "# changed\n")))
			require.False(t, ok, "another file is read anew")
		})
	}
}

// inWords is a configuration without the zone, which prints as an address. No values and none at all print alike.
func (c Config) inWords() (Config, string) {
	zone := c.TimeZone.String()
	c.TimeZone = nil
	return c, zone
}

func TestConfigurationWithMistakesIsNotKept(t *testing.T) {
	t.Parallel()
	c := configShelves(t)
	for range 2 {
		_, findings := c.config([]byte("componets: []\n"))
		require.Len(t, findings, 1)
	}
	require.NoDirExists(t, c.dir)
}

func TestConfigurationIsKeptInFoldersOfOursAlone(t *testing.T) {
	t.Parallel()
	c := shelves{dir: filepath.Join(t.TempDir(), "incident", cacheDir)}
	_, findings := c.config([]byte(ownConfig))
	require.Empty(t, findings)
	require.NoDirExists(t, filepath.Dir(c.dir))
}

// Whatever happened to the file, what is in force is what the team wrote.
func TestConfigShelfThatIsDamaged(t *testing.T) {
	t.Parallel()
	c := configShelves(t)
	want, _ := c.config([]byte(ownConfig))
	file := filepath.Join(c.dir, configShelf)
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	for i := range whole {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1 << (i % 8)
		for _, raw := range [][]byte{flipped, whole[:i]} {
			require.NoError(t, os.WriteFile(file, raw, 0o666))
			_, ok := c.loadConfig(configSum([]byte(ownConfig)))
			require.False(t, ok)
		}
	}
	got, findings := c.config([]byte(ownConfig))
	require.Empty(t, findings)
	require.Equal(t, want, got)
	require.NoError(t, os.Remove(file))
	require.NoError(t, os.Mkdir(file, 0o777))
	got, findings = c.config([]byte(ownConfig))
	require.Empty(t, findings)
	require.Equal(t, want, got)
}
