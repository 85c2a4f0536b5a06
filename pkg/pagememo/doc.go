// Package pagememo keeps what a page was made from, so that the next one is made of what has changed since.
package pagememo
