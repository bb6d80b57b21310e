-- +goose Up
-- Answers that say that nothing has changed name those that they confirm; empty for
-- answers that were given anew. A gate is passed after one or the other alone.
ALTER TABLE dial_answer ADD COLUMN confirms TEXT COLLATE "C" NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
