package main

import (
	"os"
	"path/filepath"
	"strings"
)

// sample is a record that is played for its page.
type sample struct {
	dir      string
	incident string // the program
}

const config = `
page:
  name: Example Shop status
  address: https://status.example.com
components:
  - {name: Checkout, group: Shop, description: "Paying for an order by card, transfer or PayPal"}
  - {name: Search, group: Shop, description: Finding a product}
  - {name: Product pages, group: Shop}
  - {name: Invoices, group: Account}
  - {name: Sign-in, group: Account}
`

// play makes the record, with the incidents of the demo, and its page.
func (s sample) play() error {
	record := filepath.Join(s.dir, "record")
	if err := start(s.dir, s.incident, "demo", record); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(record, ".incident", "config.yaml"), []byte(config), 0o644); err != nil {
		return err
	}
	if err := start(record, "git", "commit", "-qam", "Name the components"); err != nil {
		return err
	}
	return s.build("customer", "demo")
}

// spoil adds to the record what is long, hostile or odd, and makes the pages for two audiences.
func (s sample) spoil() error {
	record := filepath.Join(s.dir, "record")
	past := func(args ...string) []string {
		return append(args, "--accept", "jargon", "--accept", "pointless", "--accept", "sanitised", "--accept", "needless", "--reason", "a sample")
	}
	for _, args := range [][]string{
		{"open", "Long words", "--severity", "sev3", "--impact", "critical", "--component", "Product pages=major_outage", "--started", "3d ago"},
		past("note", "-i", "long-words", "-a", "customer", "--next", "1h", strings.Repeat("Donaudampfschifffahrt", 60)+"\n\n- one\n- two\n\n> told\n\n```\ncode "+strings.Repeat("x", 400)+"\n```\n\n[a link](https://example.com/"+strings.Repeat("y", 300)+")"),
		past("note", "-i", "long-words", "-a", "customer", "--next", "1h", "<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://evil.invalid/i.png) \u202eright to left\u202c"),
		past("note", "-i", "long-words", "-a", "customer", "--next", "1h", "دفع البطاقات لا يعمل الآن. 結帳無法使用。"),
	} {
		if err := start(record, s.incident, args...); err != nil {
			return err
		}
	}
	for _, audience := range []string{"customer", "internal"} {
		if err := s.build(audience, audience); err != nil {
			return err
		}
	}
	return nil
}

// build makes the page for an audience.
func (s sample) build(audience, site string) error {
	return start(filepath.Join(s.dir, "record"), s.incident, "page", "build", "-a", audience, "-d", filepath.Join(s.dir, site))
}
