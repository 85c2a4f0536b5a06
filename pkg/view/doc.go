// Package view is what one audience may see of an incident: plain values, copied one by one, with no way
// back to the incident. Whatever is shown to people outside is rendered from a View alone.
package view
