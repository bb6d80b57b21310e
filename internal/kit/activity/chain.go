package activity

import (
	"crypto/sha256"
	"encoding/binary"
)

// digest binds a payload without revealing it: SHA-256 over salt and payload.
func digest(salt []byte, payload string) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(payload))
	return h.Sum(nil)
}

// link computes an entry's hash: SHA-256 over the previous hash and each field,
// every part preceded by its length so that no two entries read the same.
func link(prev []byte, e Entry, digest []byte) []byte {
	h := sha256.New()
	part := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	number := func(v int64) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(v))
		part(n[:])
	}
	part(prev)
	number(e.Seq)
	part([]byte(e.ID))
	number(e.At.UnixMicro())
	part([]byte(e.Verb))
	number(int64(e.Version))
	for _, s := range []string{e.Actor, e.SubjectKind, e.SubjectID, e.Project, e.Audience} {
		part([]byte(s))
	}
	part(digest)
	return h.Sum(nil)
}
