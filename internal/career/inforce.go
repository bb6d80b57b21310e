package career

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"sync"

	"cairn/internal/career/framework"
	"cairn/internal/career/framework/check"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
)

// shipped is the framework that comes with Cairn, read when it is first needed.
var shipped = sync.OnceValues(framework.Default)

// inForce is the framework by which standings are computed: the newest published
// version, or what ships while none is published. It is read once for its text.
func (s *Service) inForce(ctx context.Context, q sqldb.Querier) (*framework.Framework, error) {
	var id, sum string
	err := q.QueryRowContext(ctx, `SELECT id, sha256 FROM framework_version ORDER BY number DESC LIMIT 1`).Scan(&id, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return shipped()
	}
	if err != nil {
		return nil, err
	}
	return read(ctx, q, id, sum)
}

// frameworkOf is the framework of a version that somebody picked, say for a standing
// of the past; without one it is the one in force.
func (s *Service) frameworkOf(ctx context.Context, q sqldb.Querier, version string) (*framework.Framework, error) {
	if version == "" {
		return s.inForce(ctx, q)
	}
	var sum string
	err := q.QueryRowContext(ctx, `SELECT sha256 FROM framework_version WHERE id = $1`, version).Scan(&sum)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.Missing("version of the framework")
	}
	if err != nil {
		return nil, err
	}
	return read(ctx, q, version, sum)
}

// read gives the framework of a version, whose text never changes.
func read(ctx context.Context, q sqldb.Querier, id, sum string) (*framework.Framework, error) {
	return texts.get(sum, func() (*framework.Framework, error) {
		if sum == shippedSum() {
			return shipped()
		}
		var text string
		if err := q.QueryRowContext(ctx, `SELECT content FROM framework_version WHERE id = $1`, id).Scan(&text); err != nil {
			return nil, err
		}
		return framework.Load([]byte(text))
	})
}

// ShippedSHA256 is the hash of the framework that comes with this version of Cairn.
func ShippedSHA256() string { return shippedSum() }

var shippedSum = sync.OnceValue(func() string { return sumOf(framework.DefaultFile()) })

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// kept holds what was worked out of texts, by the hash of the text: the same text
// gives the same in every process and every database.
type kept[T any] struct {
	mu sync.Mutex
	of map[string]T
}

// mostKept bounds it: a person reads a few versions, and a draft changes often.
const mostKept = 16

func (k *kept[T]) get(sum string, make func() (T, error)) (T, error) {
	k.mu.Lock()
	have, ok := k.of[sum]
	k.mu.Unlock()
	if ok {
		return have, nil
	}
	made, err := make()
	if err != nil {
		return made, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil || len(k.of) >= mostKept {
		k.of = map[string]T{}
	}
	k.of[sum] = made
	return made, nil
}

// judged is a text that was checked.
type judged struct {
	framework *framework.Framework // nil if something refuses it
	problems  framework.Problems
}

var (
	texts     kept[*framework.Framework]
	judgement kept[judged]
)

// judge checks a text; the same text is checked once.
func judge(text string) (*framework.Framework, framework.Problems) {
	j, _ := judgement.get(sumOf([]byte(text)), func() (judged, error) { // it never fails
		f, problems := check.Check([]byte(text))
		return judged{f, problems}, nil
	})
	return j.framework, j.problems
}
