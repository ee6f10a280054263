CREATE TABLE "contact_keys" (
	"contact" uuid NOT NULL,
	"kid" smallint NOT NULL,
	"organization" uuid NOT NULL,
	"key" "bytea" NOT NULL,
	CONSTRAINT "contact_keys_contact_kid_pk" PRIMARY KEY("contact","kid")
);
--> statement-breakpoint
ALTER TABLE "contact_keys" ADD CONSTRAINT "contact_keys_contact_contacts_id_fk" FOREIGN KEY ("contact") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contact_of_key" ON "contact_keys" USING btree ("organization","key");--> statement-breakpoint
do $$
begin
  if exists (select from pg_roles where rolname = 'assenso_app') then
    grant select, insert, update, delete on contact_keys to assenso_app;
  end if;
end $$;
