// Package publish brings a site to where it is served from.
package publish
