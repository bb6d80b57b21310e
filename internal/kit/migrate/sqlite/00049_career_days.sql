-- +goose Up
-- A piece of work has its day in the organisation's time zone, no longer in UTC: the
-- record is read again from its beginning.
DELETE FROM career_pack;
DELETE FROM career_place;
UPDATE activity_cursor SET position = 0 WHERE reader = 'career';

-- +goose Down
SELECT 1;
