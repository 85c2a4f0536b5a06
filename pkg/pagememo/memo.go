package pagememo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"time"

	"incident/pkg/page"
	"incident/pkg/tape"
	"incident/pkg/view"
)

// Memo is what is known of the page that was made last for an audience. All of it can be found out again.
type Memo struct {
	Program   string              // that made it: another may make another page of the same
	Dir       string              // that it was put into
	Incidents map[string]Incident // by identifier
	Parts     map[string]Part     // by path
}

// Incident is what a page was told of an incident.
type Incident struct {
	Version string // of all that the record holds of it
	Brief   page.Brief
	Narrow  []Words // that readers of the page may not see
}

// Words are what an entry says.
type Words struct {
	Letters  string // its letters and digits
	Entry    string
	Author   string
	Audience view.Audience
}

// Part is a file of the page.
type Part struct {
	Key      string // see [page.Part]
	Letters  string // the letters and digits that readers see, of an HTML page
	Size     int64  // of the file in the folder; with Modified it tells whether that is still what was put there
	Modified time.Time
}

// magic is what a file begins with. Its number is raised with every change of what follows.
const magic = "incident page memo 2\n"

// Load reads a memo of the same program, an empty one where there is none that can be used.
func Load(file, program string) *Memo {
	empty := &Memo{Program: program, Incidents: map[string]Incident{}, Parts: map[string]Part{}}
	raw, err := os.ReadFile(file)
	if err != nil || program == "" {
		return empty
	}
	rest, ok := bytes.CutPrefix(raw, []byte(magic))
	if !ok || len(rest) < 4 || crc32.ChecksumIEEE(rest[4:]) != binary.LittleEndian.Uint32(rest[:4]) {
		return empty
	}
	m := *empty
	t := tape.Read(string(rest[4:]))
	m.lay(t)
	if !t.Ended() || m.Program != program {
		return empty
	}
	return &m
}

// Save keeps a memo. Nothing is lost where that fails but time.
func (m *Memo) Save(file string) error {
	t := tape.Write(m.size())
	m.lay(t)
	head := binary.LittleEndian.AppendUint32([]byte(magic), crc32.ChecksumIEEE(t.Written()))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(head)
	if err == nil {
		_, err = f.Write(t.Written())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// size is about how many bytes a memo takes.
func (m *Memo) size() int {
	n := 1000 * len(m.Incidents)
	for path, p := range m.Parts {
		n += len(path) + len(p.Letters) + 100
	}
	return n
}

func (m *Memo) lay(t *tape.Tape) {
	t.Text(&m.Program)
	t.Text(&m.Dir)
	tape.Map(t, &m.Incidents, t.Text, func(i *Incident) {
		t.Text(&i.Version)
		i.Brief.Lay(t)
		tape.List(t, &i.Narrow, func(w *Words) {
			t.Text(&w.Letters)
			t.Text(&w.Entry)
			t.Text(&w.Author)
			tape.Small(t, &w.Audience)
		})
	})
	tape.Map(t, &m.Parts, t.Text, func(p *Part) {
		t.Text(&p.Key)
		t.Text(&p.Letters)
		t.Signed(&p.Size)
		t.Time(&p.Modified)
	})
}
