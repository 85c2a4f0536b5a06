package page

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"incident/pkg/markdown"
)

// Part is a file of the site that is made when it is asked for.
type Part struct {
	Path string // from the top of the site, with slashes
	Key  string // names all that it is made from: the same key, the same bytes. "" where nothing does
	Feed bool   // it is one of what programs read; one goroutine may make these, while another makes the rest
	Make func() ([]byte, error)
}

// Files are what is published, by path from the top of the site, with slashes.
type Files map[string][]byte

// Build makes the whole site.
func Build(in Input) (Files, error) {
	parts, err := Parts(in)
	if err != nil {
		return nil, err
	}
	files := Files{}
	for _, p := range parts {
		if files[p.Path], err = p.Make(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// Parts lists the files of the site.
func Parts(in Input) ([]Part, error) {
	site, err := New(in)
	if err != nil {
		return nil, err
	}
	w, err := newWriter(site)
	if err != nil {
		return nil, err
	}
	if w.given, err = givenBy(in); err != nil {
		return nil, err
	}
	if err := addPages(w); err != nil {
		return nil, err
	}
	feeds := *w // with what it remembers of its own
	feeds.parts, feeds.text, feeds.docs, feeds.itemed = nil, markdown.New(), markdown.NewDocument(3), map[*Incident][]item{}
	addFeeds(&feeds)
	addStatuspage(&feeds)
	for n := range feeds.parts {
		feeds.parts[n].Feed = true
	}
	addAPI(w)
	addBadges(w)
	addHostFiles(w)
	return append(w.parts, feeds.parts...), nil
}

// givenBy names what is the same for all files: the program and the settings. It is "" where the program is not known.
func givenBy(in Input) (string, error) {
	if in.Program == "" {
		return "", nil
	}
	s := in.Settings
	zone := ""
	if s.Zone != nil {
		zone = s.Zone.String()
	}
	s.Zone = nil
	raw, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrInput, err)
	}
	return sum(in.Program, zone, string(raw)), nil
}

// add adds a file to the site.
func (w *writer) add(path, key string, make func() ([]byte, error)) {
	w.parts = append(w.parts, Part{Path: path, Key: key, Make: func() ([]byte, error) {
		raw, err := make()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return raw, nil
	}})
}

// addFixed adds a file that follows from the settings alone.
func (w *writer) addFixed(path string, data []byte) {
	w.add(path, w.key("fixed"), func() ([]byte, error) { return data, nil })
}

// key names what a file is made from beside the settings. Where one of the parts is not known, neither is the key.
func (w *writer) key(parts ...string) string {
	if w.given == "" || slices.Contains(parts, "") {
		return ""
	}
	return sum(append(parts, w.given)...)
}

// versions names all that some incidents tell, "" where one of them cannot be named.
func versions(incidents []*Incident) string {
	var b strings.Builder
	b.WriteByte('v')
	for _, i := range incidents {
		if i.source.Version == "" {
			return ""
		}
		b.WriteString(i.source.Version + " ")
	}
	return b.String()
}

// listings names what a list of incidents tells of them.
func listings(incidents []*Incident) string {
	var b strings.Builder
	b.WriteByte('l')
	for _, i := range incidents {
		for _, word := range []string{i.ID, strconv.Quote(i.Headline), strconv.FormatInt(i.Started.Unix(), 36), strconv.FormatInt(i.ResolvedAt.Unix(), 36), strconv.FormatBool(i.Over), strconv.FormatBool(i.Reports > 0)} {
			b.WriteString(word + " ")
		}
	}
	return b.String()
}

// sum names some strings by what they say.
func sum(parts ...string) string {
	var all []byte
	for _, p := range parts {
		all = append(append(strconv.AppendInt(all, int64(len(p)), 10), ':'), p...)
	}
	of := sha256.Sum256(all)
	return hex.EncodeToString(of[:])
}

// telling are those of some incidents that the newest items of a feed come from.
func telling(incidents []*Incident) []*Incident {
	var times []int64
	for _, i := range incidents {
		for _, at := range i.Items {
			times = append(times, at.UnixNano())
		}
	}
	slices.SortFunc(times, func(a, b int64) int { return cmp.Compare(b, a) })
	if len(times) == 0 {
		return nil
	}
	oldest := times[min(len(times), maxItems)-1]
	var chosen []*Incident
	for _, i := range incidents {
		for _, at := range i.Items {
			if at.UnixNano() >= oldest {
				chosen = append(chosen, i)
				break
			}
		}
	}
	return chosen
}
