import { quoteIdentifier } from '../postgres';

/**
 * @param what of a migration: `addColumn of pets.ownerId: references`
 * @param key the name of the foreign key
 * @throws where a key is to be deferrable, which no word declares, with the SQL that makes it so
 */
export function assertNotDeferrable(what: string, options: unknown, table: string, key: string): void {
  if (typeof options !== 'object' || options === null || !('deferrable' in options)) return;
  const printed = String(options.deferrable);
  const mode = /^DEFERRABLE INITIALLY (DEFERRED|IMMEDIATE)$/.test(printed)
    ? printed
    : 'DEFERRABLE INITIALLY DEFERRED';
  const alter = `ALTER TABLE ${quoteIdentifier(table)} ALTER CONSTRAINT ${quoteIdentifier(key)}`;
  throw new Error(
    `${what}: deferrable cannot be declared, and would be left out. Leave it out, and write after this: ` +
      `schema.sql({ up: '${alter} ${mode}', down: '${alter} NOT DEFERRABLE' });`,
  );
}
