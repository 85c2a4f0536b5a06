// Package incident is the domain: an incident is the fold of its timeline. It reads no clock and does
// no I/O; times and entries come in as values. What one audience may see of it is package view.
package incident
