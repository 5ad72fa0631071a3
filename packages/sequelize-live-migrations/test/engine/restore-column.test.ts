import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// The undo of a changed column restores what the migrations before it have declared, as far as nothing is lost.

const migrations = useMigrations();

const OWNERS = 'CREATE TABLE owners (id integer PRIMARY KEY); INSERT INTO owners VALUES (1)';
const ROWS = "INSERT INTO pets SELECT n, 'n' || n FROM generate_series(1, 5) AS n";

const create = {
  name: 'one.js',
  up: (schema: Schema) =>
    schema.createTable('pets', {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      name: { type: DataTypes.STRING(10), allowNull: false, defaultValue: 'Rex' },
      age: { type: DataTypes.INTEGER, comment: 'in years' },
      owner: {
        type: DataTypes.INTEGER,
        references: { model: 'owners', key: 'id' },
        onDelete: 'CASCADE',
      },
    }),
};

type Up = (schema: Schema) => void;

async function undone(up: Up, meanwhile = ''): Promise<{ before: string[]; after: string[] }> {
  await migrations.reset(OWNERS);
  await migrations.up(create);
  await migrations.query(ROWS);
  const before = await migrations.schema();
  const two = { name: 'two.js', up };
  await migrations.up(two);
  expect(await migrations.schema()).not.toEqual(before);
  if (meanwhile) await migrations.query(meanwhile);
  await migrations.downAfter([create], two);
  const after = await migrations.schema();
  await migrations.up(two);
  await migrations.downAfter([create], two);
  expect(await migrations.schema()).toEqual(after);
  return { before, after };
}

const string = { type: DataTypes.STRING(10) };
const integer = { type: DataTypes.INTEGER };

it.each<[string, Up]>([
  [
    'another default',
    (schema) => schema.changeColumn('pets', 'name', { ...string, allowNull: false, defaultValue: 'Bo' }),
  ],
  ['no default', (schema) => schema.changeColumn('pets', 'name', { ...string, allowNull: false })],
  ['nulls', (schema) => schema.changeColumn('pets', 'name', { ...string, defaultValue: 'Rex' })],
  [
    'no nulls, and a default',
    (schema) => schema.changeColumn('pets', 'age', { ...integer, allowNull: false, defaultValue: 1 }),
  ],
  ['another comment', (schema) => schema.changeColumn('pets', 'age', { ...integer, comment: 'in days' })],
  [
    'another action of a foreign key',
    (schema) =>
      schema.changeColumn('pets', 'owner', {
        ...integer,
        references: { model: 'owners', key: 'id' },
        onDelete: 'SET NULL',
      }),
  ],
  [
    'a foreign key',
    (schema) =>
      schema.changeColumn('pets', 'age', { ...integer, references: { model: 'owners', key: 'id' } }),
  ],
  [
    'a name, and another default under it',
    (schema) => {
      schema.renameColumn('pets', 'age', 'years');
      schema.changeColumn('pets', 'years', { ...integer, defaultValue: 3 });
    },
  ],
])('%s', async (_, up) => {
  const { before, after } = await undone(up);
  expect(after).toEqual(before);
});

it('a wider type and more labels stay, and that is said', async () => {
  const { before, after } = await undone((schema) =>
    schema.changeColumn('pets', 'name', { type: DataTypes.TEXT, allowNull: false, defaultValue: 'Bo' }),
  );
  expect(after.filter((line) => !before.includes(line))).toEqual([
    "pets name text not null default 'Rex'::text",
  ]);
  expect(migrations.lines.at(-1)).toBe('column pets.name stays text');
});

it('a column that has nulls by now stays nullable, and that is said', async () => {
  const nullable: Up = (schema) =>
    schema.changeColumn('pets', 'name', { ...string, allowNull: true, defaultValue: 'Rex' });
  const { after } = await undone(nullable, 'UPDATE pets SET name = NULL WHERE id = 1');
  expect(after).toContain("pets name character varying(10) default 'Rex'::character varying");
  expect(migrations.lines.at(-1)).toBe('column pets.name stays nullable: it has nulls');
});
