package record_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/templates"
)

func TestTheBuiltInConfigurationIsRight(t *testing.T) {
	c, findings := record.ParseConfig(templates.Config)
	require.Empty(t, findings)
	require.Equal(t, incident.Sev3, c.DefaultSeverity)
	require.Equal(t, 48*time.Hour, c.Severities[incident.Sev1].Postmortem)
	require.Zero(t, c.Severities[incident.Sev3].Postmortem)
	require.Equal(t, time.UTC, c.TimeZone)
	require.Len(t, c.Severities, 4)
	for _, s := range incident.Severities() {
		require.NotEmpty(t, c.Severities[s].Meaning)
	}
	require.Equal(t, incident.Rhythm{First: 10 * time.Minute, Open: 20 * time.Minute, Monitoring: 30 * time.Minute, Long: time.Hour}, c.Severities[incident.Sev1].Cadence[incident.Customer])
	require.Equal(t, incident.Rhythm{First: time.Hour}, c.Severities[incident.Sev4].Cadence[incident.Customer])
	require.Equal(t, c.Severities[incident.Sev1].Rule, c.Rules()[incident.Sev1])

	d := record.DefaultConfig()
	require.Len(t, d.Origins(), len(c.Origins()))
	for i, o := range d.Origins() {
		require.Equal(t, "built in", o.From)
		require.Equal(t, o.Value, c.Origins()[i].Value)
		require.Regexp(t, `^\.incident/config\.yaml:\d+$`, c.Origins()[i].From)
	}
}

// The file that a new record begins with shows every key that is understood, if only in a comment.
func TestTheBuiltInConfigurationDocumentsEveryKey(t *testing.T) {
	_, findings := record.ParseConfig([]byte("x: 1\ncomponents: [{x: 1}]\nteams: [{x: 1}]\nseverities: {x: 1, sev1: {x: 1, cadence: {x: 1}}}\n"))
	known := 0
	for _, f := range findings {
		_, keys, ok := strings.Cut(f.Message, "; known are ")
		if !ok {
			continue
		}
		known++
		for key := range strings.SplitSeq(keys, ", ") {
			if key == "technical" { // engineers are promised nothing
				continue
			}
			require.Regexp(t, `(?m)^#? *(?:- )?(?:cadence: \{.*)?\b`+key+`:`, string(templates.Config), "%s", key)
		}
	}
	require.Equal(t, 6, known)
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal(templates.Config, &doc))
}

func TestConfigFindings(t *testing.T) {
	for _, tt := range []struct {
		rule, raw string
		want      []string // the beginning of each finding
	}{
		{"nothing at all", "", nil},
		{"nothing but comments", "# nothing\n\n# here\n", nil},
		{"an empty document", "---\n", nil},
		{"keys without values", "components:\nteams:\nseverities:\n", nil},
		{"a slip of the finger", "schema: 1\n\nteams: []\n# \ntime_zone: UTC\n\ncomponets: []\n", []string{`line 7: unknown key "componets"; did you mean "components"?`}},
		{"a key that is like none", "xyzzy: 1\n", []string{`line 1: unknown key "xyzzy"; known are schema, components, teams, severities, default_severity, wording, page, time_zone`}},
		{"a key twice", "time_zone: UTC\ntime_zone: Europe/Berlin\n", []string{`line 2: key "time_zone" is given a second time; the one on line 1 counts`}},
		{"another schema", "schema: 2\n", []string{`line 1: schema "2" is not known here`}},
		{"an unknown severity", "default_severity: sev9\n", []string{`line 1: unknown severity "sev9"`}},
		{"a severity with a slip", "severities:\n  sv1: {}\n", []string{`line 2: unknown key "sv1"; did you mean "sev1"?`}},
		{"an unknown audience", "severities:\n  sev1:\n    cadence: {custmer: 20m}\n", []string{`line 3: unknown key "custmer"; did you mean "customer"?`}},
		{"a duration that is none", "severities: {sev1: {postmortem: soon}}\n", []string{`line 1: severities.sev1.postmortem: "soon" is no duration; write 30m, 48h or none`}},
		{"a duration that is negative", "severities: {sev1: {postmortem: -1h}}\n", []string{`line 1: severities.sev1.postmortem: "-1h" is no duration`}},
		{"a duration that is a list", "severities: {sev1: {postmortem: [1h]}}\n", []string{`line 1: severities.sev1.postmortem: "" is no duration`}},
		{"a cadence of zero", "severities: {sev1: {cadence: {customer: 0m}}}\n", []string{`line 1: severities.sev1.cadence.customer: "0m" is less than a minute; write none`}},
		{"a phase of seconds", "severities: {sev1: {cadence: {customer: {open: 30s}}}}\n", []string{`line 1: severities.sev1.cadence.customer.open: "30s" is less than a minute`}},
		{"a zone that is none", "time_zone: Berlin\n", []string{`line 1: time_zone: "Berlin" is no zone`}},
		{"a zone that is this machine's", "time_zone: Local\n", []string{`line 1: time_zone: "Local" is no zone`}},
		{"a zone that is a file", "time_zone: ../../etc/passwd\n", []string{`line 1: time_zone: "../../etc/passwd" is no zone`}},
		{"a list where a mapping should be", "- a\n", []string{"line 1: the configuration must be a mapping"}},
		{"a mapping where a list should be", "components: {a: 1}\n", []string{"line 1: components must be a list"}},
		{"a word where a list should be", "teams: all\n", []string{"line 1: teams must be a list"}},
		{"a component that is a word", "components:\n  - Checkout\n", []string{"line 2: a component must be a mapping", "line 2: a component needs a name"}},
		{"a component without a name", "components:\n  - group: Shop\n", []string{"line 2: a component needs a name"}},
		{"a name with a sign that means something", "components:\n  - name: a=b\n", []string{"line 2: a component's name cannot hold ="}},
		{"a component twice", "components:\n  - name: Checkout\n  - name: checkout\n", []string{`line 3: component "checkout" is listed twice`}},
		{"a name of several lines", "components:\n  - name: \"a\\nb\"\n", []string{"line 2: components[0].name must be a text of one line", "line 2: a component needs a name"}},
		{"a name with an escape", "components:\n  - name: \"a\\e[31m\"\n", []string{"line 2: components[0].name must be a text of one line", "line 2: a component needs a name"}},
		{"a name of great length", "components:\n  - name: " + strings.Repeat("x", 201) + "\n", []string{"line 2: components[0].name is longer than 200 characters", "line 2: a component needs a name"}},
		{"a team twice", "teams:\n  - name: a\n  - name: A\n", []string{`line 3: team "A" is listed twice`}},
		{"a team without a name", "teams:\n  - people: [x]\n", []string{"line 2: a team needs a name"}},
		{"people who are no list", "teams:\n  - name: a\n    people: x\n", []string{"line 3: teams[0].people must be a list"}},
		{"people without names", "teams:\n  - name: a\n    people: [x, ~, '']\n", []string{"line 3: teams[0].people[1] must be a text of one line", "line 3: teams[0].people[2] must be a text of one line"}},
		{"aliases", "a: &x 1\nteams: *x\n", []string{"line 1: aliases and anchors are not used here; nothing of the file is used"}},
		{"two documents", "time_zone: UTC\n---\ntime_zone: UTC\n", []string{"there is more than one document"}},
		{"broken YAML", "time_zone: UTC\nteams: [\n", []string{"line "}},
		{"tabs", "teams:\n\t- a\n", []string{"line 2: found character that cannot start any token; nothing of the file is used"}},
		{"too much", "# " + strings.Repeat("x", 1<<20), []string{"the file is larger than"}},
		{"no text", "\x00\xff", []string{"control characters are not allowed; nothing of the file is used"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, findings := record.ParseConfig([]byte(tt.raw))
			require.Len(t, findings, len(tt.want), "%v", findings)
			for i, f := range findings {
				require.True(t, strings.HasPrefix(f.String(), tt.want[i]), "%q does not begin with %q", f, tt.want[i])
			}
		})
	}
}

// A slip keeps nobody from the rest of the file.
func TestConfigTakesWhatItCan(t *testing.T) {
	c, findings := record.ParseConfig([]byte(strings.ReplaceAll(`schema: 1
components:
  - name: Checkout
    group: Shop
  - nme: Search
  - name: "  Account  "
    description: Who you are
severities:
  sev1:
    meaning: Everything is down
    cadence: {customer: {open: 10m}, internal: soon, stakeholder: 25m}
    postmortem: none
  sev5: {}
default_severity: p2
time_zone: Europe/Berlin
teams:
  - name: support
    people: [ana@example.com, Ben]
`, "\n", "\r\n")))
	require.Len(t, findings, 4)
	require.Equal(t, []record.ConfigComponent{{Name: "Checkout", Group: "Shop"}, {Name: "Account", Description: "Who you are"}}, c.Components)
	require.Equal(t, []record.Team{{Name: "support", People: []string{"ana@example.com", "Ben"}}}, c.Teams)
	require.Equal(t, incident.Sev2, c.DefaultSeverity)
	require.Equal(t, "Europe/Berlin", c.TimeZone.String())
	sev1 := c.Severities[incident.Sev1]
	require.Equal(t, "Everything is down", sev1.Meaning)
	require.Equal(t, incident.Rhythm{First: 10 * time.Minute, Open: 10 * time.Minute, Monitoring: 30 * time.Minute, Long: time.Hour}, sev1.Cadence[incident.Customer], "what is built in stays in force")
	require.Equal(t, incident.Rhythm{Open: 15 * time.Minute}, sev1.Cadence[incident.Internal])
	require.Equal(t, incident.Rhythm{Open: 25 * time.Minute}, sev1.Cadence[incident.Stakeholder])
	require.Zero(t, sev1.Postmortem)
	require.NotEmpty(t, c.Severities[incident.Sev2].Meaning)

	from := map[string]string{}
	for _, o := range c.Origins() {
		require.NotContains(t, from, o.Key)
		from[o.Key] = o.Value + " " + o.From
	}
	const file = " .incident/config.yaml:"
	require.Equal(t, "2"+file+"3", from["components"])
	require.Equal(t, "Checkout"+file+"3", from["components[0].name"])
	require.Equal(t, "Account"+file+"6", from["components[1].name"])
	require.NotContains(t, from, "components[2].name")
	require.Equal(t, "Everything is down"+file+"10", from["severities.sev1.meaning"])
	require.Equal(t, "10m"+file+"11", from["severities.sev1.cadence.customer.open"])
	require.Equal(t, "15m built in", from["severities.sev1.cadence.internal"])
	require.Equal(t, "sev2"+file+"14", from["default_severity"])
	require.Equal(t, "none"+file+"12", from["severities.sev1.postmortem"])
	require.Equal(t, "Ben"+file+"18", from["teams[0].people[1]"])
}

func TestConfigComponent(t *testing.T) {
	var none record.Config
	name, err := none.Component("Anything")
	require.NoError(t, err)
	require.Equal(t, "Anything", name)

	c, findings := record.ParseConfig([]byte("components: [{name: Checkout}, {name: Straße}]\n"))
	require.Empty(t, findings)
	name, err = c.Component(" checkOUT ")
	require.NoError(t, err)
	require.Equal(t, "Checkout", name)
	_, err = c.Component("Chekout")
	require.ErrorIs(t, err, incident.ErrUnknown)
	require.Contains(t, err.Error(), "Did you mean Checkout?")
}

// A hostile file costs no more than its size.
func TestConfigIsQuick(t *testing.T) {
	for rule, unit := range map[string]string{
		"keys":       "k%d: x\n",
		"components": "- name: c%d\n",
		"doubles":    "- name: c # %d\n",
		"people":     "- name: c%d\n  people: [a, b, c, d, e, f, g]\n",
		"nameless":   "- group: x # %d\n",
	} {
		t.Run(rule, func(t *testing.T) {
			var b strings.Builder
			if unit[0] == '-' {
				b.WriteString(map[bool]string{true: "teams:\n", false: "components:\n"}[rule == "people"])
			}
			for i := 0; b.Len() < 1<<20-100; i++ {
				fmt.Fprintf(&b, unit, i)
			}
			_, findings := record.ParseConfig([]byte(b.String()))
			require.NotEmpty(t, findings)
			require.LessOrEqual(t, len(findings), 101)
		})
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(templates.Config)
	f.Add([]byte("components: [{name: a, group: ~}, 1]\nteams: {}\nseverities: {sev1: {cadence: {customer: 1h}}}\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, findings := record.ParseConfig(raw)
		require.NotNil(t, c.TimeZone)
		require.NotZero(t, c.DefaultSeverity)
		require.Len(t, c.Severities, 4)
		for _, f := range findings {
			require.NotEmpty(t, f.String())
		}
		seen := map[string]bool{}
		for _, o := range c.Origins() {
			require.False(t, seen[o.Key], o.Key)
			seen[o.Key] = true
		}
	})
}
