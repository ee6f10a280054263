-- What drizzle's schema cannot say: the clock, insert-only tables, immutable words, open ends, origins, grants.

-- Time is the database's (docs/decisions/0002). Volatile on purpose: the instant after a lock is later than the one before it.
-- In conditions write (select app_now()): evaluated once, and an index serves.
create function app_now() returns timestamptz language sql volatile as
$$ select date_trunc('milliseconds', clock_timestamp()) + (select offset_ms from clock) * interval '1 millisecond' $$;
--> statement-breakpoint
insert into clock (one, offset_ms) values (true, 0);
--> statement-breakpoint
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
do $$
declare t text;
begin
  foreach t in array array['consent_events', 'ledger_records', 'ledger_entries', 'contents', 'audit_log', 'form_versions', 'starts', 'used_slugs'] loop
    execute format('create trigger insert_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger never_emptied before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;
--> statement-breakpoint
create function keep_published_words() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'published words are never changed' using errcode = 'insufficient_privilege';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
--> statement-breakpoint
create trigger published_is_frozen before update or delete on notices for each row execute function keep_published_words();
--> statement-breakpoint
create trigger never_emptied before truncate on notices for each statement execute function refuse_change();
--> statement-breakpoint
-- Of an interval nothing is overwritten but an open end (design: the projection of the events).
create function close_basis_once() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null
     or (to_jsonb(new) - array['ended_at', 'ended_by', 'ended_reason']) <> (to_jsonb(old) - array['ended_at', 'ended_by', 'ended_reason']) then
    raise exception 'an interval of bases is closed once and never rewritten' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
--> statement-breakpoint
create function lift_suppression_once() returns trigger language plpgsql as $$
begin
  if old.lifted_at is not null
     or (to_jsonb(new) - array['lifted_at', 'lifted_by']) <> (to_jsonb(old) - array['lifted_at', 'lifted_by']) then
    raise exception 'an interval of suppressions is closed once and never rewritten' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger open_ends_only before update on bases for each row execute function close_basis_once();
--> statement-breakpoint
create trigger open_ends_only before update on suppressions for each row execute function lift_suppression_once();
--> statement-breakpoint
create trigger never_removed before delete on suppressions for each row execute function refuse_change();
--> statement-breakpoint
-- LB-01: no contact without an origin of her own, whoever writes.
alter table provenance add constraint origin_of_a_contact unique (id, contact);
--> statement-breakpoint
alter table contacts add constraint contact_has_an_origin foreign key (provenance, id) references provenance (id, contact) deferrable initially deferred;
--> statement-breakpoint
alter table provenance add constraint origin_belongs_to_somebody foreign key (contact) references contacts (id) on delete cascade deferrable initially deferred;
--> statement-breakpoint
-- Search on the contacts page: by the beginning of an address or name, and by a part of it.
create extension if not exists pg_trgm;
--> statement-breakpoint
create index contacts_search on contacts using gin ((address_key || ' ' || lower(coalesce(name, ''))) gin_trgm_ops);
--> statement-breakpoint
-- Web and worker work as assenso_app where the role could be made: what is insert-only is so by grant as well.
do $$
begin
  if exists (select from pg_roles where rolname = 'assenso_app') then
    execute format('grant connect on database %I to assenso_app', current_database());
    grant usage on schema public to assenso_app;
    grant select, insert, update, delete on all tables in schema public to assenso_app;
    grant usage, select on all sequences in schema public to assenso_app;
    grant execute on all functions in schema public to assenso_app;
    revoke update, delete, truncate on consent_events, ledger_records, ledger_entries, contents, audit_log, form_versions, starts, used_slugs from assenso_app;
    revoke delete, truncate on suppressions, notices from assenso_app;
    revoke insert, update, delete, truncate on clock from assenso_app;
  end if;
end $$;
