-- Calls that had failed before are a bounded part of a provider's traffic, of all processes together.

ALTER TABLE sluice.provider_traffic ADD COLUMN retries int NOT NULL DEFAULT 0;
