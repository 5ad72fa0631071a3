import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';

// Tables with a column that gets a type for which PostgreSQL would rewrite them, and the two migrations of that.

/** A key with a sequence, to which two tables refer, and the table itself, and that is in an index and in a check. */
const KEY = `CREATE TABLE pets (id serial PRIMARY KEY, mother integer, name text, CONSTRAINT pets_id_check CHECK (id > 0));
  ALTER TABLE pets ADD CONSTRAINT pets_mother_fkey FOREIGN KEY (mother) REFERENCES pets ON UPDATE CASCADE ON DELETE SET NULL;
  CREATE INDEX pets_name_id ON pets (name, id DESC) WHERE id < 1000;
  CREATE TABLE toys (id serial PRIMARY KEY, pet integer NOT NULL REFERENCES pets ON UPDATE CASCADE ON DELETE CASCADE);
  CREATE TABLE visits (pet integer REFERENCES pets ON UPDATE CASCADE ON DELETE CASCADE, day date, PRIMARY KEY (pet, day))`;
const KEY_ROWS = `INSERT INTO pets (name) SELECT 'n' || n FROM generate_series(1, 1500) AS n; UPDATE pets SET mother = id - 1 WHERE id > 1;
  INSERT INTO toys (pet) SELECT id FROM pets; INSERT INTO visits SELECT id, '2026-01-01' FROM pets WHERE id < 10`;
const PLAIN = `CREATE TABLE pets (id numeric(8,2) DEFAULT 1.5, name text);
  CREATE UNIQUE INDEX pets_id ON pets (id, name); CREATE INDEX pets_sum ON pets ((id + 1));
  COMMENT ON COLUMN pets.id IS 'A weight'; INSERT INTO pets SELECT nullif(n % 7, 0) * 1.25, n FROM generate_series(1, 1500) AS n`;
const COMPOSITE = `CREATE TABLE pets (id integer, part text, PRIMARY KEY (part, id));
  CREATE TABLE toys (pet integer, part text, FOREIGN KEY (part, pet) REFERENCES pets (part, id) ON DELETE CASCADE);
  INSERT INTO pets SELECT n, 'a' FROM generate_series(1, 1500) AS n; INSERT INTO toys SELECT id, part FROM pets`;

/** What the key was when its table was created. */
export const key = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true, allowNull: false };

export interface Kind {
  readonly sql: string;
  readonly was: Parameters<Schema['changeColumn']>[2];
  readonly type: string;
}

export const WITH_ROWS: Kind = { sql: `${KEY}; ${KEY_ROWS}`, was: key, type: 'bigint' };
export const KINDS: Readonly<Record<string, Kind>> = {
  'a key with rows': WITH_ROWS,
  'a key without rows': { sql: KEY, was: key, type: 'bigint' },
  'an identity': {
    sql: `CREATE TABLE pets (id integer GENERATED ALWAYS AS IDENTITY (INCREMENT 5) PRIMARY KEY, name text);
      CREATE TABLE toys (pet integer REFERENCES pets); INSERT INTO pets (name) SELECT n FROM generate_series(1, 1500) AS n`,
    was: { ...key, autoIncrementIdentity: true },
    type: 'bigint',
  },
  'a part of a key': {
    sql: COMPOSITE,
    was: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
    type: 'bigint',
  },
  'a number with digits': {
    sql: PLAIN,
    was: { type: DataTypes.DECIMAL(8, 2), defaultValue: 1.5 },
    type: 'numeric(12,4)',
  },
};

/** The migration that has created the table. */
export const created = ({ was }: Kind) => ({
  name: '0.js',
  up: (schema: Schema) => schema.createTable('pets', { id: was }),
});
/** The one that prepares the type. */
export const prepare = ({ type }: Kind) => ({
  name: '1.js',
  up: (schema: Schema) => schema.changeColumn('pets', 'id', { type }, { overlap: true }),
});
/** The one that makes the change. */
export const change = ({ was, type }: Kind) => ({
  name: '2.js',
  up: (schema: Schema) => schema.changeColumn('pets', 'id', { ...was, type }),
});

/** A key with a few rows. */
export const SMALL: Kind = {
  sql: `${KEY}; INSERT INTO pets (name) VALUES ('Rex'), ('Bo'); INSERT INTO toys (pet) VALUES (1), (2), (2)`,
  was: key,
  type: 'bigint',
};
