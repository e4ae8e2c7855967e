/** Takes from a database what the version before the limits did not have. */
export const forgetLimits = `
  do $$
  declare
    limited record;
  begin
    for limited in select conrelid::regclass as name, conname from pg_constraint where conname like '%\\_within\\_limits' loop
      execute format('alter table %s drop constraint %I', limited.name, limited.conname);
    end loop;
  end $$;
  alter table payment.wallets drop column charged;`;
