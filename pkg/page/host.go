package page

import (
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Headers are what a host should send with every file.
func Headers() map[string]string {
	return map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":  "nosniff",
		"Referrer-Policy":         "no-referrer",
	}
}

// addHostFiles adds what web hosts and crawlers read.
func addHostFiles(w *writer) {
	w.addFixed(".nojekyll", []byte{})
	var headers strings.Builder
	headers.WriteString("/*\n")
	for _, key := range slices.Sorted(maps.Keys(Headers())) {
		fmt.Fprintf(&headers, "  %s: %s\n", key, Headers()[key])
	}
	w.addFixed("_headers", []byte(headers.String()))
	if w.Domain != "" {
		w.addFixed("CNAME", []byte(w.Domain+"\n"))
	}
	if w.Audience.String() != "customer" {
		w.addFixed("robots.txt", []byte("User-agent: *\nDisallow: /\n"))
		return
	}
	robots := "User-agent: *\nAllow: /\n"
	if w.Address != "" {
		pages := w.pages()
		w.add("sitemap.xml", w.key("sitemap", strings.Join(pages, "\n")), func() ([]byte, error) { return sitemap(w.Address, pages) })
		robots += "Sitemap: " + w.Address + "/sitemap.xml\n"
	}
	w.addFixed("robots.txt", []byte(robots))
}

// pages are the paths of all pages that readers look for.
func (w *writer) pages() []string {
	var paths []string
	for _, p := range w.parts {
		if strings.HasSuffix(p.Path, ".html") && p.Path != "404.html" {
			paths = append(paths, p.Path)
		}
	}
	slices.Sort(paths)
	return paths
}

func sitemap(address string, pages []string) ([]byte, error) {
	type place struct {
		Loc string `xml:"loc"`
	}
	list := struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		Places  []place  `xml:"url"`
	}{}
	for _, path := range pages {
		list.Places = append(list.Places, place{address + "/" + path})
	}
	raw, err := xml.Marshal(list)
	return append([]byte(xml.Header), raw...), err
}
