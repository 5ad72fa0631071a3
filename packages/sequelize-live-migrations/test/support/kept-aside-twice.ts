import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';

/** A table, and rows of it. */
export const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
export const ROWS = "INSERT INTO pets VALUES (1, 'Rex'), (2, 'Bo')";
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };
/** What adds a column of an enum type to it. */
export const addKind = (schema: Schema) => {
  schema.addColumn('pets', 'kind', kind);
};
const KIND = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  ALTER TABLE pets ADD COLUMN kind enum_pets_kind NOT NULL DEFAULT 'cat'; CREATE INDEX pets_kind ON pets (kind)`;

const KIND_AGAIN = "ALTER TABLE pets ADD COLUMN kind enum_pets_kind NOT NULL DEFAULT 'cat'";
/** The table with two of these columns: one that was kept aside, and one in its place, which holds nothing but its default. */
export const ASIDE = `${PETS}; ${ROWS}; ${KIND}; UPDATE pets SET kind = 'dog' WHERE id = 2;
  ALTER TABLE pets RENAME kind TO undone_kind; ${KIND_AGAIN};
  COMMENT ON COLUMN pets.undone_kind IS 'Set aside by undoing the-migration.js, at noon. The next db:migrate puts it back.'`;
