package record

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"incident/pkg/pattern"
)

// Names of the record, from the top of its work tree. All paths have slashes.
const (
	incidentsDir   = "incidents"
	timelineDir    = "timeline"
	attachmentsDir = "attachments"
	entryEnding    = ".md"
	settingsDir    = ".incident"
	templatesDir   = settingsDir + "/templates"
	attributesFile = ".gitattributes"
	postmortemFile = "postmortem.md"
)

// ConfigPath is where the configuration lies, from the top of the work tree.
const ConfigPath = settingsDir + "/config.yaml"

// attributes keep entries the same on every system, and attached files as they are.
const attributes = "incidents/** text eol=lf\nincidents/**/attachments/** -text\n"

// makeID is the identifier of an incident that was opened on that day (UTC) under that slug.
func makeID(day time.Time, slug string) string { return day.UTC().Format("20060102") + "-" + slug }

// validID reports whether s is spelled as an identifier.
func validID(s string) bool {
	day, slug, cut := strings.Cut(s, "-")
	return cut && len(day) == 8 && isNumber(day) && slug != "" && strings.Trim(slug, letters+digits+"-") == "" && !strings.Contains("-"+slug+"-", "--")
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyz"
)

func isNumber(s string) bool { return s != "" && strings.Trim(s, digits) == "" }

// dirOf is an incident's folder. The identifier must be valid: it becomes a path.
func dirOf(id string) (string, error) {
	if !validID(id) {
		return "", fmt.Errorf("incident identifier %q: %w", id, ErrInvalid)
	}
	return path.Join(incidentsDir, id[:4], id[4:6], id[6:8], slugOf(id)), nil
}

// PathOf is where an entry of an incident lies, from the top of the work tree.
func PathOf(id, entry string) string {
	dir, err := dirOf(id)
	if err != nil || strings.Contains(entry, "/") {
		return ""
	}
	return path.Join(dir, timelineDir, entry+entryEnding)
}

var keptPattern = pattern.New(`^` + incidentsDir + `/\d{4}/\d{2}/\d{2}/[^/]+/(?:` + timelineDir + `|` + attachmentsDir + `)/[^/]+$`)

// isKept reports whether a path is of a file that is written once and never changed or removed.
func isKept(path string) bool { return keptPattern.MatchString(path) }

// PostmortemPath is where an incident's postmortem lies, from the top of the work tree.
func PostmortemPath(id string) string {
	dir, err := dirOf(id)
	if err != nil {
		return ""
	}
	return path.Join(dir, postmortemFile)
}

// numbered makes the n-th name of a slug: checkout-errors, checkout-errors-2. A title that slugs to
// nothing is numbered alone.
func numbered(slug string, n int) string {
	if n == 1 && slug != "" {
		return slug
	}
	number := strconv.Itoa(n)
	slug = strings.Trim(slug[:min(len(slug), maxSlug-len(number)-1)], "-")
	return strings.Trim(slug+"-"+number, "-")
}

// slugOf is the speakable part of an identifier.
func slugOf(id string) string {
	_, slug, _ := strings.Cut(id, "-")
	return slug
}
