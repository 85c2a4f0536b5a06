package incident

import (
	"slices"
	"strings"
)

// vocabulary is one enum's spellings: names by value, where names[0] is the zero value and cannot be
// given, and the other words that people use for the same thing.
type vocabulary struct {
	what    string
	names   []string
	aliases map[string]uint8
}

func (v *vocabulary) name(i uint8) string {
	if int(i) >= len(v.names) {
		return v.names[0]
	}
	return v.names[i]
}

// parse understands a name or an alias in any case, with spaces or hyphens for underscores.
func (v *vocabulary) parse(text []byte) (uint8, error) {
	word := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(string(text))))
	if i := slices.Index(v.names[1:], word); i >= 0 {
		return uint8(i + 1), nil
	}
	if i, ok := v.aliases[word]; ok {
		return i, nil
	}
	return 0, &UnknownError{What: v.what, Word: string(text), Known: v.names[1:]}
}
