package record

import (
	"strings"

	"github.com/mozillazg/go-unidecode"
)

// maxSlug is how long a slug may be, in bytes: with the date it still fits on a line.
const maxSlug = 48

// reserved are names that Windows gives to devices: a folder called so could not be checked out there.
var reserved = map[string]bool{
	"con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true,
}

// Slug makes the speakable part of an identifier from a title: letters a to z, digits and single hyphens,
// other scripts spelled in Latin letters, cut between words. A title of nothing but signs gives "".
func Slug(title string) string {
	if len(title) > 4*maxSlug*4 {
		title = strings.ToValidUTF8(title[:4*maxSlug*4], "")
	}
	var words []string
	size := 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(unidecode.Unidecode(withoutApostrophes(title))), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) {
		if size+len(word) > maxSlug {
			if len(words) == 0 {
				words = append(words, word[:maxSlug])
			}
			break
		}
		words = append(words, word)
		size += len(word) + 1
	}
	slug := strings.Join(words, "-")
	if reserved[slug] {
		slug += "-incident"
	}
	return slug
}

// withoutApostrophes keeps "can't" one word.
func withoutApostrophes(s string) string {
	return strings.NewReplacer("'", "", "’", "", "ʼ", "").Replace(s)
}
