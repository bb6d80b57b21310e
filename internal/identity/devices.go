package identity

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Device is one of a person's own sessions.
type Device struct {
	ID      string // says nothing that could be signed in with
	Words   string // "Firefox on Windows"; empty if it did not say
	Since   time.Time
	Seen    time.Time // to within five minutes
	Present bool      // the one that is asking
}

// NoteDevice keeps what a session was begun with, in words.
func (s *Service) NoteDevice(ctx context.Context, token, userAgent string) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `UPDATE session SET device = $1 WHERE hash = $2`, deviceWords(userAgent), hashToken(token))
		return err
	})
}

// deviceWords reads browser and system out of a User-Agent header: enough to
// know one's own devices by, and no more than that is kept.
func deviceWords(userAgent string) string {
	find := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(userAgent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	// The order matters: Edge says Chrome as well, Chrome says Safari as well.
	browser := find("Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari", "curl/", "curl")
	system := find("iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Macintosh", "a Mac", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// Devices lists the person's own sessions that still hold, the last seen first.
func (s *Service) Devices(ctx context.Context, who authz.Actor, session string) (out []Device, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT hash, device, created_at, seen_at FROM session WHERE person_id = $1 AND created_at >= $2 AND seen_at >= $3
			ORDER BY seen_at DESC, hash LIMIT 100`, who.Person, sqldb.Micros(v.Now.Add(-SessionLife)), sqldb.Micros(v.Now.Add(-SessionIdle)))
		if err != nil {
			return err
		}
		defer rows.Close()
		mine := hashToken(session)
		for rows.Next() {
			var d Device
			var hash []byte
			var since, seen int64
			if err := rows.Scan(&hash, &d.Words, &since, &seen); err != nil {
				return err
			}
			d.ID, d.Since, d.Seen = hex.EncodeToString(hash), sqldb.Time(since), sqldb.Time(seen)
			d.Present = subtle.ConstantTimeCompare(hash, mine) == 1
			out = append(out, d)
		}
		return rows.Err()
	})
	return out, err
}

// EndDevice ends one of the person's own sessions; an empty id ends all but the
// one that is asking.
func (s *Service) EndDevice(ctx context.Context, who authz.Actor, session, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		tx.Record(Changed{Person: who.Person, What: sessionsEnded})
		if id == "" {
			return endSessions(ctx, tx, who.Person, hashToken(session))
		}
		hash, err := hex.DecodeString(id)
		if err != nil {
			return errs.Missing("session") // nothing of that form was ever given out
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM session WHERE person_id = $1 AND hash = $2`, who.Person, hash)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.Missing("session")
		}
		return nil
	})
}
