// Package suggest names the word that somebody probably meant.
package suggest
