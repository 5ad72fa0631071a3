import type { Schema } from '../../src/vocabulary';
import type { TestMigration } from './migrations';

/** A table without rows. */
export const PETS = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer, kind enum_pets_kind)`;
/** Its rows, enough for several batches. */
export const ROWS = `INSERT INTO pets SELECT n, 'n' || n, n % 10, 'dog' FROM generate_series(1, 2500) AS n`;

/** A migration that updates rows, and does nothing else. */
export const update = (...args: Parameters<Schema['bulkUpdate']>): TestMigration => ({
  name: 'one.js',
  up: (schema) => schema.bulkUpdate(...args),
});
