package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/page"
	"incident/pkg/record"
	"incident/pkg/sandbox"
	"incident/pkg/view"
	"incident/pkg/when"
	"incident/templates"
)

// paging is what the commands that make a page have in common.
type paging struct {
	*deps
	audience incident.Audience
	asOf     string
}

func (c *paging) addFlags(cmd *cobra.Command) {
	audienceFlag(cmd, &c.audience, "who reads it: customer, stakeholder or internal")
	cmd.Flags().StringVar(&c.asOf, "as-of", "", "the `TIME` that the page tells (default: now)")
}

// many incidents take longer than a moment, which is told to who waits at a terminal.
const many = 2000

// madePage is a page that was made, and not written yet.
type madePage struct {
	files     page.Files
	asOf      time.Time
	incidents int
	address   string
}

// make makes the page from what its audience may see. It is refused where words of a narrower audience are in it all the
// same.
func (c *paging) make(ctx context.Context, rec *record.Record) (made madePage, err error) {
	if c.audience == incident.Technical {
		return made, usage("--audience internal", "there is no page for engineers: they have the record")
	}
	made.asOf = c.Now()
	if c.asOf != "" {
		if made.asOf, err = when.Time(c.asOf, c.now()); err != nil {
			return made, fmt.Errorf("--as-of: %w", err)
		}
	}
	in := page.Input{AsOf: made.asOf}
	if in.Settings, err = settingsOf(ctx, rec, c.audience); err != nil {
		return made, err
	}
	narrow, err := c.read(ctx, rec, &in)
	if err != nil {
		return made, err
	}
	if tell := c.progress(); tell != nil && len(in.Views) > many {
		tell(fmt.Sprintf("making the page of %d incidents", len(in.Views)))
	}
	switch made.files, err = page.Build(in); {
	case errors.Is(err, sandbox.ErrTemplate):
		return made, err
	case err != nil:
		return made, &advised{errPage, err.Error(), ""}
	}
	if in.Settings.Address == "" {
		c.warn("no feeds, no sitemap and no JSON of Statuspage: they hold whole addresses, and page.address in " + record.ConfigPath + " is not set; write address: https://status.example.com")
	}
	made.incidents, made.address = len(in.Views), in.Settings.Address
	return made, narrow.check(made.files)
}

// read reads all incidents: for the page what its audience may see of them, and apart from it what it may not.
func (c *paging) read(ctx context.Context, rec *record.Record, in *page.Input) (_ *narrowing, err error) {
	rd, err := rec.Read(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = joinClose(err, rd) }()
	in.Attached = map[string][]byte{}
	narrow := &narrowing{audience: c.audience}
	ids := map[string]string{} // of incidents whose files are shown
	_, err = rd.Find(func(inc incident.Incident) bool {
		narrow.add(inc)
		v := view.For(inc, c.audience)
		if !v.Visible {
			return false
		}
		in.Views = append(in.Views, v)
		ids[v.ID] = inc.ID
		return false
	})
	if err != nil {
		return nil, err
	}
	for _, v := range in.Views {
		for _, u := range v.Updates {
			for _, a := range u.Attachment {
				if !page.Shown(a.Name) {
					continue
				}
				raw, err := rd.Attachment(ids[v.ID], incident.Attachment{Name: a.Name, File: filepath.Base(a.Path)})
				if err != nil {
					c.warn(fmt.Sprintf("%s is only named on the page: %v", a.Name, err))
					continue
				}
				in.Attached[v.ID+"/"+a.Path] = raw
			}
		}
	}
	return narrow, nil
}

// settingsOf is what the team has chosen for its page, with what it has made itself where this clone trusts that.
func settingsOf(ctx context.Context, rec *record.Record, a incident.Audience) (page.Settings, error) {
	config := rec.Config
	s := page.Settings{
		Domain: config.Page.Domain, Colours: config.Page.Colours,
		Name: config.Page.Name, Address: strings.TrimRight(config.Page.Address, "/"), Language: config.Page.Language, Zone: config.TimeZone,
		Audience: a, PartialWeight: config.Page.PartialWeight,
	}
	for _, k := range config.Components {
		s.Components = append(s.Components, page.Component(k))
	}
	for _, l := range config.Page.Links {
		s.Links = append(s.Links, page.Link(l))
	}
	if err := ownPage(ctx, rec, &s.Own); err != nil {
		return s, err
	}
	if own, err := rec.Template(ctx, "page/locales/"+filepath.Base(s.Language)+".yaml"); err != nil || own != "" {
		s.Words, err = ownWords(own, err)
		return s, err
	}
	raw, err := templates.Page.ReadFile("page/locales/" + filepath.Base(s.Language) + ".yaml")
	if err != nil {
		return s, &advised{errPage, fmt.Sprintf("there are no words of the page in the language %q", s.Language), "set page.language in " + record.ConfigPath + " to en or de, or bring its words in .incident/templates/page/locales/ and trust them: incident trust"}
	}
	s.Words, err = record.ParseWords(raw)
	return s, err
}

// ownPage reads what the team has made itself for its page: templates, a style and a logo.
func ownPage(ctx context.Context, rec *record.Record, own *page.Own) error {
	own.Templates = map[string]string{}
	names, err := rec.Templates("page")
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := rec.Template(ctx, "page/"+name)
		if err != nil {
			return err
		}
		base, isHTML := strings.CutSuffix(name, ".html")
		switch {
		case raw == "": // not trusted, which was said
		case isHTML:
			own.Templates[base] = raw
		case name == "style.css":
			own.Style = []byte(raw)
		case name == "logo.svg" || name == "logo.png":
			own.Logo, own.LogoName = []byte(raw), name
		default:
			return &advised{errPage, name + " is nothing that a page is made of", "in .incident/templates/page/ there may be NAME.html, style.css, logo.svg or logo.png, and locales/LANGUAGE.yaml"}
		}
	}
	return nil
}

// ownWords reads the words of a language that the team has brought.
func ownWords(raw string, err error) (page.Words, error) {
	if err != nil {
		return nil, err
	}
	english, err := templates.Page.ReadFile("page/locales/en.yaml")
	if err != nil {
		return nil, err
	}
	words, err := record.ParseWords(english)
	if err != nil {
		return nil, err
	}
	own, err := record.ParseWords([]byte(raw))
	maps.Copy(words, own)
	return words, err
}
