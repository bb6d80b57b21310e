package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// Parameters of argon2id: 19 MiB, two passes, one lane (OWASP Password Storage
// Cheat Sheet).
const argonTime, argonMemory, argonLanes, argonKey = 2, 19 * 1024, 1, 32

// hashing limits how many passwords are hashed at once, so that a flood of
// sign-ins cannot take all memory.
var hashing = make(chan struct{}, 2)

// derived counts derivations: each takes the time that an answer takes, and a
// test compares the answers by it.
var derived atomic.Int64

func derive(password string, salt []byte) []byte {
	derived.Add(1)
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKey)
}

// hashPassword gives the text that is stored: salt and key, base64.
func hashPassword(password string) string {
	salt := random(16)
	return stored(salt, derive(password, salt))
}

func stored(salt, key []byte) string {
	return base64.RawStdEncoding.EncodeToString(salt) + "." + base64.RawStdEncoding.EncodeToString(key)
}

func random(bytes int) []byte {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}

// nobody is compared with when there is no account, so that the answer takes as
// long. It is the key of no password.
var nobody = stored(random(16), random(argonKey))

// matches compares a password with what is stored, in constant time; an empty
// store never matches and takes as long.
func matches(hash, password string) bool {
	real := hash != ""
	if !real {
		hash = nobody
	}
	s, k, ok := strings.Cut(hash, ".")
	salt, err1 := base64.RawStdEncoding.DecodeString(s)
	key, err2 := base64.RawStdEncoding.DecodeString(k)
	if !ok || err1 != nil || err2 != nil {
		return false
	}
	return subtle.ConstantTimeCompare(derive(password, salt), key) == 1 && real
}

// hashToken is how tokens are stored: they are random, so a plain hash suffices.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte("cairn token\x00" + token))
	return sum[:]
}

// bucketOf is where tries are counted. The length keeps apart what would run together.
func bucketOf(kind, value string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "cairn limit\x00%d %s %s", len(kind), kind, value))
	return sum[:]
}
