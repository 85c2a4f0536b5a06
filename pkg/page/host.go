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
func addHostFiles(s *writer, files Files) error {
	files[".nojekyll"] = []byte{}
	var headers strings.Builder
	headers.WriteString("/*\n")
	for _, key := range slices.Sorted(maps.Keys(Headers())) {
		fmt.Fprintf(&headers, "  %s: %s\n", key, Headers()[key])
	}
	files["_headers"] = []byte(headers.String())
	if s.Domain != "" {
		files["CNAME"] = []byte(s.Domain + "\n")
	}
	if s.Audience.String() != "customer" {
		files["robots.txt"] = []byte("User-agent: *\nDisallow: /\n")
		return nil
	}
	robots := "User-agent: *\nAllow: /\n"
	if s.Address != "" {
		type place struct {
			Loc string `xml:"loc"`
		}
		list := struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			Places  []place  `xml:"url"`
		}{}
		for _, path := range slices.Sorted(maps.Keys(files)) {
			if strings.HasSuffix(path, ".html") && path != "404.html" {
				list.Places = append(list.Places, place{s.Address + "/" + path})
			}
		}
		raw, err := xml.Marshal(list)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrInput, err)
		}
		files["sitemap.xml"] = append([]byte(xml.Header), raw...)
		robots += "Sitemap: " + s.Address + "/sitemap.xml\n"
	}
	files["robots.txt"] = []byte(robots)
	return nil
}
