package record

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// ParseWords reads the texts of one language, by key.
func ParseWords(raw []byte) (map[string]string, error) {
	words := map[string]string{}
	if err := yaml.Unmarshal(raw, &words); err != nil {
		return nil, fmt.Errorf("words: %w: %w", ErrInvalid, err)
	}
	return words, nil
}
