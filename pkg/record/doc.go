// Package record keeps incidents in a repository of plain files: where they lie, how they are spelled, and
// what the team has settled in the record's configuration.
package record
