import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// Each table is locked in the mode that the statements on it need, whatever is needed on others; and db:plan's script says
// and does the same.

const migrations = useMigrations();

const ROWS = `CREATE TABLE owners (id integer PRIMARY KEY, name text); INSERT INTO owners VALUES (1, 'Ann');
  CREATE TABLE pets (id integer PRIMARY KEY, name text, owner integer); INSERT INTO pets VALUES (1, 'Rex', 1);
  CREATE TABLE toys (id integer PRIMARY KEY, pet integer)`;

const integer = { type: DataTypes.INTEGER };
const owner = { ...integer, references: { model: 'owners', key: 'id' } };
const check = { type: 'check', name: 'named', where: literal("name <> ''") } as const;

/** The locks that block writes, or reads as well, in the order in which they are asked for. */
function blockingLocks(statements: readonly string[]): string[] {
  return statements.flatMap((statement) => {
    const [, tables = '', mode = ''] = /^LOCK TABLE (.*) IN (.*) MODE$/.exec(statement) ?? [];
    const isBlocking = ['SHARE', 'SHARE ROW EXCLUSIVE', 'ACCESS EXCLUSIVE'].includes(mode);
    return isBlocking ? [`${tables.replaceAll(new RegExp(`"(${SCHEMA})?"?\\.?`, 'g'), '')}: ${mode}`] : [];
  });
}

describe('a migration that', () => {
  it.each<[string, (schema: Schema) => void, string[]]>([
    [
      'adds a column with a foreign key locks the referenced table in SHARE ROW EXCLUSIVE MODE',
      (schema) => schema.addColumn('toys', 'owner', owner),
      ['owners: SHARE ROW EXCLUSIVE', 'toys: ACCESS EXCLUSIVE'],
    ],
    [
      'adds two of them locks neither of the referenced tables in ACCESS EXCLUSIVE MODE',
      (schema) => {
        schema.addColumn('toys', 'owner', owner);
        schema.addColumn('toys', 'part', { ...integer, references: { model: 'pets', key: 'id' } });
      },
      [
        'owners: SHARE ROW EXCLUSIVE',
        'toys: ACCESS EXCLUSIVE',
        'pets: SHARE ROW EXCLUSIVE',
        'toys: ACCESS EXCLUSIVE',
      ],
    ],
    [
      'adds a foreign key to a column that is there locks both tables in SHARE ROW EXCLUSIVE MODE',
      (schema) => schema.changeColumn('pets', 'owner', owner),
      ['owners, pets: SHARE ROW EXCLUSIVE'],
    ],
    [
      'creates a table with a foreign key locks only the referenced one',
      (schema) => schema.createTable('shops', { id: { ...integer, primaryKey: true }, owner }),
      ['owners: SHARE ROW EXCLUSIVE'],
    ],
    [
      'creates a table that refers to itself, with indexes, locks nothing',
      (schema) => {
        const parent = { ...integer, references: { model: 'shops', key: 'id' } };
        schema.createTable('shops', { id: { ...integer, primaryKey: true }, parent });
        schema.addIndex('shops', ['parent'], { unique: true });
      },
      [],
    ],
    [
      'indexes a table without rows locks that in SHARE MODE',
      (schema) => schema.addIndex('toys', ['pet']),
      ['toys: SHARE'],
    ],
    ['indexes a table with rows locks nothing', (schema) => schema.addIndex('pets', ['name']), []],
    [
      'adds a column to one table and an index to another locks each as it needs',
      (schema) => {
        schema.addIndex('toys', ['pet']);
        schema.addColumn('pets', 'age', integer);
      },
      ['toys: SHARE', 'pets: ACCESS EXCLUSIVE'],
    ],
    [
      'adds a check locks the table only to add it, and not while it is validated',
      (schema) => schema.addConstraint('pets', check),
      ['pets: ACCESS EXCLUSIVE'],
    ],
    [
      'renames a column locks its table',
      (schema) => schema.renameColumn('pets', 'name', 'title'),
      ['pets: ACCESS EXCLUSIVE'],
    ],
    [
      'removes a column with a foreign key locks only its table, since the column is kept aside',
      (schema) => schema.removeColumn('pets', 'owner', integer),
      ['pets: ACCESS EXCLUSIVE'],
    ],
    [
      'finds all there locks nothing',
      (schema) => {
        schema.addColumn('pets', 'name', { type: DataTypes.TEXT });
        schema.createTable('toys', { id: { ...integer, primaryKey: true }, pet: integer });
      },
      [],
    ],
  ])('%s', async (_, up, expected) => {
    const one = { name: 'one.js', up };
    await migrations.reset(ROWS);
    const script = await migrations.script(one);
    migrations.sent.length = 0;
    await migrations.up(one);
    const sent = migrations.sent.flatMap((message) => message.split(';\n'));
    expect(blockingLocks(sent)).toEqual(expected);
    expect(blockingLocks(script.split(';\n').map((statement) => statement.trim()))).toEqual(expected);
  });
});

it('the comment over a statement of the script names the locks that are taken for it', async () => {
  await migrations.reset(ROWS);
  const script = await migrations.script({
    name: 'one.js',
    up: (schema) => {
      schema.addColumn('toys', 'owner', owner);
      schema.addConstraint('pets', check);
      schema.addIndex('pets', ['name']);
    },
  });
  expect(script.split('\n').filter((line) => /^-- .* on /.test(line))).toEqual(
    expect.arrayContaining([
      '-- add column toys.owner (ACCESS EXCLUSIVE on toys)',
      '-- add foreign key toys_owner_fkey (SHARE ROW EXCLUSIVE on toys, SHARE ROW EXCLUSIVE on owners)',
      '-- validate foreign key toys_owner_fkey (SHARE UPDATE EXCLUSIVE on toys)',
      '-- add constraint named, NOT VALID (ACCESS EXCLUSIVE on pets)',
      '-- validate constraint named (SHARE UPDATE EXCLUSIVE on pets)',
      '-- create index pets_name (SHARE UPDATE EXCLUSIVE on pets)',
    ]),
  );
  expect(script).not.toMatch(/LOCK TABLE[^;]*"owners"[^;]* IN ACCESS EXCLUSIVE MODE/);
});
