import fs from 'node:fs';
import path from 'node:path';
import { plan } from '../../src/commands/plan';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { copyFixture, FIXTURE, KIND, MIGRATIONS, PETS, removeCopies } from '../support/fixture-project';
import { migrate } from '../support/migrator';
import { planOf } from '../support/plan-of';
import { runScript } from '../support/psql';
import { SCHEMA, recordsOf, schemaOf } from '../support/schema';

afterAll(removeCopies);
afterAll(() => dropDatabases());

it('a migration that is written by hand stops the script where it comes, and hides nothing of the others', async () => {
  const [root, database] = [copyFixture(), await createDatabase()];
  const name = '20250115-by-hand.js';
  fs.writeFileSync(
    path.join(root, 'migrations', name),
    "exports.up = exports.down = () => Promise.reject(new Error('It was run.'));",
  );
  const script = await planOf(root, database);
  const place = script.indexOf(name);
  expect(script.slice(0, place)).toContain(`-- ${PETS}\n`);
  expect(script.slice(0, place)).toContain('CREATE TABLE "pets"');
  expect(script.slice(place)).toContain('ADD COLUMN "kind"');
  const [, raise = ''] = /\n(DO .*is written by hand.*);\n/.exec(script) ?? [];
  await expect(database.query(raise)).rejects.toThrow(
    `${name} is written by hand, so what it does is only known when it runs: npx sequelize-cli db:migrate --to ${name}`,
  );
});

it('says of plain migrations what it can, each by its name, and plans what follows on what they may have made', async () => {
  const [root, database] = [copyFixture(), await createDatabase()];
  const write = (name: string, text: string) => fs.writeFileSync(path.join(root, 'migrations', name), text);
  write(
    '20250401-plain.js',
    "exports.up = async (q, S) => { await q.addColumn('pets', 'age', S.INTEGER); await q.createTable('boxes', {}); };",
  );
  write('20250402-index.js', "exports.up = (q) => q.addIndex('pets', ['age'], { concurrently: true });");
  const declared = (
    up: string,
  ) => `const { DataTypes, literal } = require('sequelize'); const { migration } = require('sequelize-live-migrations');
    module.exports = migration(__filename, { up(schema) { ${up} } });`;
  write(
    '20250403-check.js',
    declared("schema.addConstraint('pets', { type: 'check', name: 'old', where: literal('age > 1') });"),
  );
  write('20250404-color.js', declared("schema.addColumn('pets', 'color', { type: DataTypes.TEXT });"));
  const script = await planOf(root, database);
  expect(script).toContain(
    '-- 20250401-plain.js\n-- It is a plain migration: one transaction with its row in the migration log.\n' +
      '-- It calls addColumn pets.age, createTable boxes.\n',
  );
  expect(script).toContain(
    '-- 20250402-index.js\n-- It is a plain migration, and runs without a transaction: CONCURRENTLY cannot be in a transaction.\n' +
      '-- It calls addIndex pets.\n',
  );
  expect(script).toMatch(/-- 20250403-check\.js\n-- .*"?age"? does not exist/);
  expect(script).toContain('ADD COLUMN "color"');
});

it('of several migrations, the one that is refused is named', async () => {
  const [root, database] = [copyFixture(), await createDatabase()];
  fs.writeFileSync(
    path.join(root, 'migrations/20250401-template.js'),
    `const { DataTypes } = require('sequelize'); const { migration } = require('sequelize-live-migrations');
    module.exports = migration(__filename, { up(s) { s.addColumn('table', 'column', { type: DataTypes.INTEGER }); } });`,
  );
  await expect(planOf(root, database)).rejects.toThrow(
    'In 20250401-template.js: Table table does not exist in schema',
  );
});

it('a folder that is not there is one without a plan, and not one in which nothing is pending', async () => {
  const [root, database] = [copyFixture(), await createDatabase()];
  fs.renameSync(path.join(root, 'migrations'), path.join(root, 'elsewhere'));
  await expect(planOf(root, database)).rejects.toThrow(
    /There is no folder .*migrations, which \.sequelizerc names/,
  );
});

it('what can only be planned when it has run is said, and not refused', async () => {
  const [root, database] = [copyFixture(), await createDatabase()];
  const write = (name: string, text: string) => fs.writeFileSync(path.join(root, 'migrations', name), text);
  write('20250401-by-hand.js', 'exports.up = exports.down = () => Promise.resolve();');
  write(
    '20250402-index-it.js',
    `const { migration } = require('sequelize-live-migrations');
    module.exports = migration(__filename, { up(schema) { schema.addIndex('by_hand', ['name']); } });`,
  );
  const script = await planOf(root, database);
  expect(script).toMatch(
    new RegExp(
      String.raw`-- 20250402-index-it\.js\n-- Table by_hand does not exist in schema ${SCHEMA} .*\n`,
    ),
  );
  expect(script).toContain('CREATE TABLE "pets"');
});

describe('with --undo', () => {
  let migrated: TestDatabase;

  beforeAll(async () => {
    migrated = await createDatabase();
    await migrate(migrated, (umzug) => umzug.up());
  });

  it.each([
    ['without rows', ''],
    [
      'with rows',
      "INSERT INTO pets (name) VALUES ('Rex'); INSERT INTO toys (name, pet_id) VALUES ('ball', 1)",
    ],
  ])('the script does what db:migrate:undo does, one migration after the other: %s', async (_, sql) => {
    const undone = await createDatabase(migrated);
    await undone.query(sql || 'SELECT 1');
    const scripted = await createDatabase(undone);
    for (const name of [...MIGRATIONS].reverse()) {
      const script = await planOf(FIXTURE, scripted, '--undo');
      expect(script).toContain(`-- ${name}\n`);
      expect(script).toContain(
        `\n-- npx sequelize-live-migrations plan --undo ${name} | psql "$DATABASE_URL"\n`,
      );
      expect(await recordsOf(scripted)).toContain(name);
      await runScript(scripted, script);
      await migrate(undone, (umzug) => umzug.down(name));
      expect(await schemaOf(scripted)).toEqual(await schemaOf(undone));
      expect(await recordsOf(scripted)).toEqual(await recordsOf(undone));
    }
    expect(await planOf(FIXTURE, scripted, '--undo')).toBe('-- Nothing has run that could be undone.\n');
  });

  it('a name may be typed as for db:migrate:undo, and one that has not run is said to be so', async () => {
    const database = await createDatabase(migrated);
    expect(await planOf(FIXTURE, database, '--undo', KIND.replace('.js', ''))).toContain(`-- ${KIND}\n`);
    await expect(planOf(FIXTURE, database, '--undo', 'kind')).rejects.toThrow(
      `There is no migration kind in this checkout. Nothing was changed. Perhaps you mean:\n  ${KIND}`,
    );
    await migrate(database, (umzug) => umzug.down(KIND));
    expect(await planOf(FIXTURE, database, '--undo', KIND)).toBe(
      `-- ${KIND} has not run, or is undone already.\n`,
    );
  });

  it.each([[['--undone']], [['--undo', 'a', 'b']], [[KIND]]])(
    '%j is not taken for something else',
    (args) => {
      expect(plan.accepts(args)).toBe(false);
    },
  );
});
