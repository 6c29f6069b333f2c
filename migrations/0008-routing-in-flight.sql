-- Calls that had failed before are a bounded part of a provider's traffic, of all processes together.

ALTER TABLE sluice.provider_traffic ADD COLUMN retries int NOT NULL DEFAULT 0;

ALTER TABLE sluice.versions ADD COLUMN routed_as jsonb;
COMMENT ON COLUMN sluice.versions.routed_as IS 'RouteWish: how its parse was begun, once a part of the document has been bought alone; it ends so, whatever is switched meanwhile';
