package cli

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/page"
	"incident/pkg/record"
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
	cmd.Flags().StringVar(&c.asOf, "as-of", "", "the `TIME` by which promises are late and days begin (default: now); all that is recorded is told")
}

// settingsOf is what the team has chosen for its page, with what it has made itself where this clone trusts that.
func settingsOf(ctx context.Context, rec *record.Record, a incident.Audience) (page.Settings, error) {
	config := rec.Config
	s := page.Settings{
		Domain: config.Page.Domain, Colours: config.Page.Colours,
		Name: config.Page.Name, Address: strings.TrimRight(config.Page.Address, "/"), Language: config.Page.Language, Zone: config.TimeZone,
		Audience: a, PartialWeight: config.Page.PartialWeight,
	}
	if a != incident.Customer { // these are of the public page: feeds of another would link there, with what is only for its own readers
		s.Address, s.Domain = "", ""
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
		if s.Words, err = ownWords(own, err); err != nil {
			err = fmt.Errorf(".incident/templates/page/locales/%s.yaml: %w", filepath.Base(s.Language), err)
		}
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
