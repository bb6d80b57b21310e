// Package arch has no code. Its tests hold the sources to the shape of the house:
// who may import whom, where time comes from, how placeholders are numbered, how
// large a file, a function and the kit may grow.
package arch
