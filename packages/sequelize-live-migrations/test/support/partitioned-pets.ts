import type { Schema } from '../../src/vocabulary';
import type { Migrations } from './migrations';

// An index, a unique constraint and a foreign key of a partitioned table.

/** Two partitions, of which one is partitioned itself, with rows in each. */
export const PETS = `CREATE TABLE pets (id integer, name text, born date) PARTITION BY RANGE (id);
  CREATE TABLE pets_old PARTITION OF pets FOR VALUES FROM (0) TO (10);
  CREATE TABLE pets_new PARTITION OF pets FOR VALUES FROM (10) TO (100) PARTITION BY RANGE (id);
  CREATE TABLE pets_new_1 PARTITION OF pets_new FOR VALUES FROM (10) TO (50);
  CREATE TABLE pets_new_2 PARTITION OF pets_new FOR VALUES FROM (50) TO (100);
  INSERT INTO pets SELECT n, 'Rex ' || n FROM generate_series(0, 99) AS n`;

/** The migration. */
export const byName = {
  name: 'by-name.js',
  up: (schema: Schema) => {
    schema.addIndex('pets', ['name'], { name: 'by_name', where: { born: null } });
  },
};

/** One that makes a unique constraint. */
export const once = {
  name: 'once.js',
  up: (schema: Schema) => {
    schema.addConstraint('pets', { type: 'unique', fields: ['id', 'name'], name: 'by_name' });
  },
};

/** One that makes a foreign key. */
export const referring = {
  name: 'referring.js',
  up: (schema: Schema) => {
    schema.addConstraint('pets', {
      type: 'foreign key',
      name: 'by_name_key',
      fields: ['id'],
      references: { table: 'numbers', field: 'n' },
      onDelete: 'CASCADE',
    });
  },
};

/** The same tables, with one to refer to. */
export const PETS_AND_NUMBERS = `${PETS}; CREATE TABLE numbers (n integer PRIMARY KEY);
  INSERT INTO numbers SELECT generate_series(0, 99)`;

/** The constraints of that name and of its partitions. */
export async function constraints(migrations: Migrations): Promise<string[]> {
  const rows =
    await migrations.query(`SELECT concat_ws(' ', conname, 'on', conrelid::regclass, pg_get_constraintdef(oid)) AS line
    FROM pg_constraint WHERE conname LIKE '%by_name%' ORDER BY 1`);
  return rows.map(({ line }) => String(line));
}

/** The indexes of that name and of its partitions, with what each is attached to, and whether it is valid. */
export async function indexes(migrations: Migrations): Promise<string[]> {
  const rows =
    await migrations.query(`SELECT concat_ws(' ', i.indexrelid::regclass, 'on', i.indrelid::regclass,
      (SELECT 'in ' || inhparent::regclass FROM pg_inherits WHERE inhrelid = i.indexrelid),
      CASE WHEN NOT indisvalid THEN 'invalid' END) AS line
    FROM pg_index i WHERE i.indexrelid::regclass::text LIKE '%by_name%' ORDER BY 1`);
  return rows.map(({ line }) => String(line));
}

/** All of them, where nothing is left to do. */
export const WHOLE = [
  'by_name on pets',
  'pets_new_1_by_name on pets_new_1 in pets_new_by_name',
  'pets_new_2_by_name on pets_new_2 in pets_new_by_name',
  'pets_new_by_name on pets_new in by_name',
  'pets_old_by_name on pets_old in by_name',
];
