-- +goose Up
-- What a gate decision released, and what was spent by then, in minor units of its
-- currency: while a condition is open, only a part of it may be spent.
ALTER TABLE gate_decision ADD COLUMN released INTEGER;
ALTER TABLE gate_decision ADD COLUMN spent_then INTEGER;
ALTER TABLE gate_decision ADD COLUMN currency TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
