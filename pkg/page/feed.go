package page

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"sync"
	"time"

	"incident/pkg/markdown"
)

// feed is a list of items in the forms that feed readers know.
type feed struct {
	title string
	path  string // of the feed without its ending, from the top of the site
	home  string // of the page that tells the same
	items []item
}

// addFeeds adds the feeds: of everything and of each component, one item for each update; and the history, one item for
// each incident. They hold whole addresses, so there are none where the page's own is not known.
func addFeeds(w *writer) {
	if w.Address == "" {
		return
	}
	add := func(f feed, incidents []*Incident) {
		news := telling(incidents)
		items := sync.OnceValues(func() ([]item, error) { return w.items(news) })
		for _, form := range []struct {
			ending string
			make   func(*writer, feed) ([]byte, error)
		}{{".atom", atom}, {".rss", rss}, {".json", jsonFeed}} {
			w.add(f.path+form.ending, w.key("feed", f.title, versions(news)+w.ifEmpty(news)), func() (_ []byte, err error) {
				f := f
				if f.items, err = items(); err != nil {
					return nil, err
				}
				return form.make(w, f)
			})
		}
	}
	add(feed{title: w.Name, path: "updates", home: "index.html"}, w.Incidents)
	for _, c := range w.AllComponents() {
		name := strings.TrimSuffix(c.Path, ".html")
		add(feed{title: w.Name + ": " + c.Name, path: name, home: c.Path}, c.Incident)
	}
	addHistory(w)
}

type (
	atomFeed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string   `xml:"xml:lang,attr"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Author  struct {
			Name string `xml:"name"`
		} `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Published  string         `xml:"published"`
		Updated    string         `xml:"updated"`
		Link       atomLink       `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Content    struct {
			Type string `xml:"type,attr"`
			Text string `xml:",chardata"`
		} `xml:"content"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
)

func stampOf(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// newest is the time of a feed: of its newest item, else the one that the page tells.
func (w *writer) newest(items []item) time.Time {
	if len(items) > 0 {
		return items[0].at
	}
	return w.Until
}

func (w *writer) atomFeed(f feed) atomFeed {
	doc := atomFeed{
		Lang: w.Language, ID: w.address(f.path + ".atom"), Title: markdown.Safe(f.title), Updated: stampOf(w.newest(f.items)),
		Links: []atomLink{{"self", "application/atom+xml", w.address(f.path + ".atom")}, {"alternate", "text/html", w.address(f.home)}},
	}
	doc.Author.Name = markdown.Safe(w.Name)
	return doc
}

// atom is a feed by RFC 4287.
func atom(w *writer, f feed) ([]byte, error) {
	doc := w.atomFeed(f)
	for _, i := range f.items {
		e := atomEntry{
			ID: w.tag(i.opened, i.id), Title: i.title, Published: stampOf(i.at), Updated: stampOf(i.at),
			Link: atomLink{"alternate", "text/html", w.address(i.path)},
		}
		e.Content.Type, e.Content.Text = "html", string(i.html)
		for _, p := range i.parts {
			e.Categories = append(e.Categories, atomCategory{p})
		}
		doc.Entries = append(doc.Entries, e)
	}
	return marshalXML(doc)
}

type (
	rssFeed struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Atom    string     `xml:"xmlns:atom,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title       string   `xml:"title"`
		Link        string   `xml:"link"`
		Description string   `xml:"description"`
		Language    string   `xml:"language"`
		Built       string   `xml:"lastBuildDate"`
		Self        atomLink `xml:"atom:link"`
		Items       []rssItem
	}
	rssItem struct {
		XMLName xml.Name `xml:"item"`
		Title   string   `xml:"title"`
		Link    string   `xml:"link"`
		GUID    struct {
			Permanent bool   `xml:"isPermaLink,attr"`
			ID        string `xml:",chardata"`
		} `xml:"guid"`
		Date        string   `xml:"pubDate"`
		Categories  []string `xml:"category"`
		Description string   `xml:"description"`
	}
)

// rss is a feed by RSS 2.0.
func rss(w *writer, f feed) ([]byte, error) {
	date := func(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
	doc := rssFeed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: rssChannel{
		Title: markdown.Safe(f.title), Link: w.address(f.home), Description: markdown.Safe(f.title), Language: w.Language, Built: date(w.newest(f.items)),
		Self: atomLink{"self", "application/rss+xml", w.address(f.path + ".rss")},
	}}
	for _, i := range f.items {
		one := rssItem{Title: i.title, Link: w.address(i.path), Date: date(i.at), Categories: i.parts, Description: string(i.html)}
		one.GUID.ID = w.tag(i.opened, i.id)
		doc.Channel.Items = append(doc.Channel.Items, one)
	}
	return marshalXML(doc)
}

type (
	jsonFeedDoc struct {
		Version  string         `json:"version"`
		Title    string         `json:"title"`
		Home     string         `json:"home_page_url"`
		Feed     string         `json:"feed_url"`
		Language string         `json:"language"`
		Items    []jsonFeedItem `json:"items"`
	}
	jsonFeedItem struct {
		ID        string   `json:"id"`
		URL       string   `json:"url"`
		Title     string   `json:"title"`
		HTML      string   `json:"content_html"`
		Text      string   `json:"content_text"`
		Published string   `json:"date_published"`
		Tags      []string `json:"tags,omitempty"`
	}
)

// jsonFeed is a feed by JSON Feed 1.1.
func jsonFeed(w *writer, f feed) ([]byte, error) {
	doc := jsonFeedDoc{
		Version: "https://jsonfeed.org/version/1.1", Title: markdown.Safe(f.title), Home: w.address(f.home), Feed: w.address(f.path + ".json"),
		Language: w.Language, Items: []jsonFeedItem{},
	}
	for _, i := range f.items {
		doc.Items = append(doc.Items, jsonFeedItem{w.tag(i.opened, i.id), w.address(i.path), i.title, string(i.html), i.text, stampOf(i.at), i.parts})
	}
	return marshalJSON(doc)
}

func marshalXML(doc any) ([]byte, error) {
	raw, err := xml.MarshalIndent(doc, "", " ")
	return append([]byte(xml.Header), append(raw, '\n')...), err
}

func marshalJSON(doc any) ([]byte, error) {
	raw, err := json.Marshal(doc)
	return append(raw, '\n'), err
}
