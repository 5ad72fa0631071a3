import { literal } from 'sequelize';
import { BASE, type Chain, id, migrationsOf, text } from '../support/chains';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// SQL of rows that names a table with its schema is planned on what the migrations before it leave, as without the schema.

const migrations = useMigrations();

const names: Chain[1] = (schema) => schema.createTable('names', { id, name: text });
const toys: Chain[1] = (schema) => schema.createTable('toys', { id, name: text });

const CHAINS: readonly Chain[] = [
  [
    'rows that are selected from a table which an earlier one makes',
    names,
    toys,
    (schema) => schema.bulkInsert('names', literal(`SELECT id, name FROM "${SCHEMA}".toys`)),
  ],
  [
    'rows that are selected from a table which an earlier one renames',
    names,
    (schema) => schema.renameTable('pets', 'beasts'),
    (schema) => schema.bulkInsert('names', literal(`SELECT id, name FROM ${SCHEMA}.beasts`)),
  ],
  [
    'rows that are selected by a column which an earlier one renames',
    names,
    (schema) => schema.renameColumn('pets', 'name', 'title'),
    (schema) =>
      schema.bulkInsert('names', literal(`SELECT id, ${SCHEMA}.pets.title AS name FROM ${SCHEMA}.pets`)),
  ],
  [
    'rows that are updated where a table has them which the same one makes',
    names,
    (schema) => {
      toys(schema);
      schema.bulkUpdate('pets', { age: 4 }, literal(`id IN (SELECT id FROM ${SCHEMA}.toys)`));
    },
  ],
  [
    'rows that are deleted where a table has them which an earlier one makes',
    toys,
    (schema) => schema.bulkDelete('pets', literal(`id IN (SELECT id FROM ${SCHEMA}.toys)`)),
  ],
];

it.each(CHAINS)('%s', async (...[, ...declared]) => {
  const chain = migrationsOf(declared);
  await migrations.reset(BASE);
  const planned = await migrations.purposes(...chain);
  const done: string[] = [];
  for (const one of chain) {
    done.push(...(await migrations.purposes(one)));
    await migrations.up(one);
  }
  expect(planned).toEqual(done);
  expect(done.at(-1)).toMatch(/rows (into|of)/);
});

it('is refused where no migration makes what it names, in the words of the server', async () => {
  await migrations.reset(BASE);
  const chain = migrationsOf([
    names,
    (schema) => schema.bulkInsert('names', literal(`SELECT id, name FROM ${SCHEMA}.toys`)),
  ]);
  await expect(migrations.plan(...chain)).rejects.toThrow(
    `relation "${SCHEMA}.toys" does not exist. PostgreSQL does not accept what 02.js declares.`,
  );
});
