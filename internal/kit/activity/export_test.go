package activity

// What a forger who reads the sources would use.
var (
	Digest = digest
	Link   = link
)
