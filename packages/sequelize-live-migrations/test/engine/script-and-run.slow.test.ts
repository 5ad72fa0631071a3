import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { byScriptAndByRun } from '../support/script-and-run';

// What db:plan prints does the same as the run, whatever the text of a migration contains. More of these are
// in script-and-run.test.ts.

const migrations = useMigrations();

const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer);
  INSERT INTO pets SELECT n, 'n' || n, n FROM generate_series(1, 2500) AS n`;
const id = { type: DataTypes.INTEGER, primaryKey: true };
const integer = { type: DataTypes.INTEGER };

it.each<[string, string, (schema: Schema) => void]>([
  [
    'a backfill with dollar signs',
    PETS,
    (schema) => {
      const backfill = literal("age || '$sql$ $sql_$ $batches$ {last}'");
      schema.addColumn('pets', 'note', { type: DataTypes.TEXT, allowNull: false, backfill });
    },
  ],
  [
    'a new table that refers to itself and to another one, and a removal',
    PETS,
    (schema) => {
      const toy = { ...integer, references: { model: 'toys', key: 'id' } };
      const pet = { ...integer, references: { model: 'pets', key: 'id' } };
      schema.createTable('toys', { id, part_of: toy, pet, kind: { type: DataTypes.ENUM("it's", 'b') } });
      schema.addIndex('toys', ['kind', 'pet'], { unique: true });
      schema.removeColumn('pets', 'age', integer);
    },
  ],
  [
    'labels, types, comments and names',
    `${PETS}; CREATE TYPE enum_pets_kind AS ENUM ('a;b', 'dog'); ALTER TABLE pets ADD kind enum_pets_kind, ADD size varchar(3)`,
    (schema) => {
      const kind = { type: DataTypes.ENUM("it's", 'a;b', '$$', 'dog'), comment: "'$$';\n%s" };
      schema.changeColumn('pets', 'kind', kind);
      schema.renameEnumValue('pets', 'kind', 'dog', ":x'");
      schema.addIndex('pets', ['age'], { where: { kind: ["it's", ":x'"] } });
      schema.renameIndex('pets', 'pets_age', 'by "age"');
      schema.changeColumn('pets', 'size', { type: DataTypes.TEXT });
      schema.createTable('toys', { id }, { comment: "$a$ 'b'" });
      schema.renameTable('toys', 'all "toys"');
    },
  ],
  [
    'rows that are inserted, a few, many and from a query',
    `${PETS}; ALTER TABLE pets ADD data jsonb`,
    (schema) => {
      const name = "it's {last} '{last}' $sql$ ;\n-- é\u{1F600}";
      schema.createTable('toys', { id, name: { type: DataTypes.TEXT, unique: true } });
      schema.bulkInsert('pets', [{ id: 3000, name, data: { [name]: [name] }, age: null }]);
      const many = Array.from({ length: 1500 }, (_, n) => ({ id: n + 4000, name: `${name}${String(n)}` }));
      schema.bulkInsert('pets', many);
      const query = "SELECT id, name || '{last}' || '$1' AS name FROM pets WHERE id % 2 = 0 -- even";
      schema.bulkInsert('toys', literal(query));
      schema.bulkInsert('pets', literal('SELECT id + 10000 AS id, name FROM toys;'));
    },
  ],
  ['a table that is dropped', PETS, (schema) => schema.dropTable('pets', { id, age: integer })],
])('%s', async (_, sql, up) => {
  const { byScript, byRun } = await byScriptAndByRun(migrations, sql, { name: 'one.js', up });
  expect(byScript).toEqual(byRun);
});
