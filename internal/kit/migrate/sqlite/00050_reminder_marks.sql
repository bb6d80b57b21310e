-- +goose Up
-- Of what somebody was told is kept as marks, which name nothing, and no longer as ids of
-- what may be gone. What waits is told once more.
UPDATE mail_reminder SET matters = '';

-- +goose Down
SELECT 1;
