import { DataTypes, literal, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { byScriptAndByRun } from '../support/script-and-run';

// What db:plan prints does the same as the run, whatever the text of a migration contains.

const migrations = useMigrations();

const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer);
  INSERT INTO pets SELECT n, 'n' || n, n FROM generate_series(1, 2500) AS n`;

it.each<[string, string, (schema: Schema) => void]>([
  [
    'the new words, with semicolons, quotes and dollar signs',
    PETS,
    (schema) => {
      const where = { title: { [Op.notIn]: ['a;\nb', "it's", '-- no', '$1', ':x', '?'] } };
      schema.renameColumn('pets', 'name', 'title');
      schema.addIndex('pets', ['title'], { where });
      schema.addConstraint('pets', { type: 'check', name: 'titled', where: literal("title <> 'x;\ny'") });
      schema.addColumn('pets', 'note', { type: DataTypes.TEXT, defaultValue: "$$;\n'$batches$" });
    },
  ],
  [
    'rows that are updated, and what is asked of them after that',
    `${PETS}; ALTER TABLE pets ADD data jsonb`,
    (schema) => {
      const data = { "it's": ['$1', '$sql$', '{last}', "'{last}'", ';\n-- no', '\\', 'é\u{1F600}'] };
      schema.bulkUpdate('pets', { data, name: "$batches$ '{{last}}'" }, { age: { [Op.gt]: 10 } });
      schema.bulkUpdate('pets', { age: literal('-age -- less') }, { age: { [Op.gt]: 0 } });
      schema.bulkDelete('pets', { name: { [Op.like]: 'n1%' }, age: { [Op.lt]: -1000 } });
      schema.bulkDelete('pets', literal("name = '{last}' OR id % 2 = 0 -- even"));
      schema.addConstraint('pets', { type: 'check', name: 'young', where: literal("age < 0 OR name = '$'") });
      schema.addIndex('pets', ['age'], { unique: true });
    },
  ],
])('%s', async (_, sql, up) => {
  const { byScript, byRun } = await byScriptAndByRun(migrations, sql, { name: 'one.js', up });
  expect(byScript).toEqual(byRun);
});
