import type { IndexField, IndexOptions, Schema } from '../../src/vocabulary';
import type { Migrations } from './migrations';

/** The table that the tests of the vocabulary's words work on, and rows of it. */
export const PETS = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE pets (id integer PRIMARY KEY, name text, "bornAt" timestamptz, kind enum_pets_kind DEFAULT 'cat', tags jsonb)`;
export const ROWS = `INSERT INTO pets SELECT n, 'n' || n, now(), 'dog', '{"good": true}' FROM generate_series(1, 5) AS n`;

/** What an index is for, its fields and options, and a part of its definition. */
export type IndexedPets = [string, readonly IndexField[], IndexOptions, string];

/** Adds an index to the table with rows, takes it away and adds it again. @returns the schema that this leaves */
export function indexThereAndBack(
  migrations: Migrations,
  fields: readonly IndexField[],
  options: IndexOptions,
): Promise<string[]> {
  const up = (schema: Schema) => schema.addIndex('pets', fields, options);
  return migrations.convergesThereAndBack(`${PETS}; ${ROWS}`, { name: 'one.js', up });
}
