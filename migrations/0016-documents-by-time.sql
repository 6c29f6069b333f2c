-- The documents of a period, from an index alone: without its column the planner went through that of all documents.

DROP INDEX sluice.ledger_entries_by_booking;
CREATE INDEX ledger_entries_by_booking ON sluice.ledger_entries (booked_at, tenant_id) INCLUDE (document_id);
DROP INDEX sluice.ledger_entries_by_tenant_booking;
CREATE INDEX ledger_entries_by_tenant_booking ON sluice.ledger_entries (tenant_id, booked_at) INCLUDE (document_id);
