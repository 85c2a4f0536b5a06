// Package picture draws how long the parts of a life took. It takes plain values, so that the status page, which may not
// know the domain, and the figures of the team draw alike. A picture needs no script and no attribute of style: its colours
// are classes of the style sheet in templates/page, for light and for dark.
package picture
