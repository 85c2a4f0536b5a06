// Package report makes one page of figures: charts with a table under each.
package report
