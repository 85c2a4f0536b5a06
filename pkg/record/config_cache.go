package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
	"time"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/tape"
	"incident/templates"
)

// Every command reads the configuration, which seldom changes, and to parse it takes longer than most else that a
// command reads. So what it came to is kept beside the shelves, with the sum of what it was read from. One with mistakes is
// not: the next version of the program may know a key that this one does not.

const (
	configShelf = "config"
	// configMagic is what the file begins with. Its number is raised with every change of what follows, and of what is
	// made of a configuration. A test asks for it.
	configMagic = "incident config 1\n"
)

// config reads a configuration, from the cache where it is the one that was read last.
func (c shelves) config(raw []byte) (Config, []Finding) {
	sum := configSum(raw)
	if known, ok := c.loadConfig(sum); ok {
		known.file = raw
		return known, nil
	}
	config, findings := ParseConfig(raw)
	if private := filepath.Dir(c.dir); len(findings) == 0 && exists(private) { // to look at a record makes no folder in it
		c.saveConfig(sum, config)
	}
	return config, findings
}

// configSum stands for all that a configuration is read from. The built-in one holds no zero byte.
func configSum(raw []byte) string {
	h := sha256.New()
	h.Write(templates.Config)
	h.Write([]byte{0})
	h.Write(raw)
	return string(h.Sum(nil))
}

func (c shelves) loadConfig(sum string) (config Config, ok bool) {
	raw, err := os.ReadFile(filepath.Join(c.dir, configShelf))
	if err != nil {
		return config, false
	}
	rest, ok := bytes.CutPrefix(raw, []byte(configMagic))
	if !ok || len(rest) < 4 || sumOf(rest[4:]) != binary.LittleEndian.Uint32(rest) {
		return config, false
	}
	t, of := reading(rest[4:]), ""
	if t.Text(&of); of != sum {
		return config, false
	}
	t.config(&config)
	return config, t.Ended()
}

func (c shelves) saveConfig(sum string, config Config) {
	t := writing()
	t.Text(&sum)
	t.config(&config)
	head := binary.LittleEndian.AppendUint32([]byte(configMagic), sumOf(t.Written()))
	_ = c.write(configShelf, append(head, t.Written()...)) // a full disk fails no reading
}

// config is everything but the file that it was read from.
func (t reel) config(c *Config) {
	tape.List(t.Tape, &c.Components, func(k *ConfigComponent) {
		t.Text(&k.Name)
		t.Text(&k.Group)
		t.Text(&k.Description)
	})
	tape.List(t.Tape, &c.Teams, func(m *Team) {
		t.Text(&m.Name)
		tape.List(t.Tape, &m.People, t.Text)
	})
	audience := func(a *incident.Audience) { tape.Small(t.Tape, a) }
	tape.Map(t.Tape, &c.Severities, func(s *incident.Severity) { tape.Small(t.Tape, s) }, func(r *SeverityRule) {
		t.Text(&r.Meaning)
		tape.Map(t.Tape, &r.Cadence, audience, func(r *incident.Rhythm) {
			t.duration(&r.First)
			t.duration(&r.Open)
			t.duration(&r.Monitoring)
			t.duration(&r.Long)
		})
		t.duration(&r.Postmortem)
	})
	tape.Small(t.Tape, &c.DefaultSeverity)
	tape.Map(t.Tape, &c.Wording, t.Text, func(of *map[incident.Audience]clarity.Level) {
		tape.Map(t.Tape, of, audience, func(l *clarity.Level) { tape.Small(t.Tape, l) })
	})
	t.zone(&c.TimeZone)
	t.page(&c.Page)
}

func (t reel) page(p *PageConfig) {
	t.Text(&p.Name)
	t.Text(&p.Address)
	t.Text(&p.Language)
	t.float(&p.PartialWeight)
	t.Text(&p.Domain)
	tape.List(t.Tape, &p.Links, func(l *PageLink) {
		t.Text(&l.Text)
		t.Text(&l.Address)
	})
	t.Text(&p.Questions)
	t.Flag(&p.Names)
	tape.Map(t.Tape, &p.Colours, t.Text, t.Text)
}

func (t reel) duration(d *time.Duration) { t.Signed((*int64)(d)) }

// zone is a zone by its name: this system may know other rules for it than the last one that was asked.
func (t reel) zone(zone **time.Location) {
	name := ""
	if !t.Reading() {
		name = (*zone).String()
	}
	t.Text(&name)
	if !t.Reading() {
		return
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fail()
	}
	*zone = z
}
