import fs from 'node:fs';
import path from 'node:path';
import type { Umzug } from 'umzug';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { copyFixture, MIGRATIONS, removeCopies } from '../support/fixture-project';
import { migrateQuietly } from '../support/migrator';
import { recordsOf, schemaOf } from '../support/schema';

// What a migration does depends on which others have run: an older one does not override a newer one, however often it is
// undone and done again.

afterAll(removeCopies);
afterAll(() => dropDatabases());

/** A project that has some migrations more, given by what their `up` declares. */
function projectWith(migrations: Readonly<Record<string, string>>): string {
  const root = copyFixture();
  for (const [name, up] of Object.entries(migrations)) {
    write(root, name, `module.exports = migration(__filename, { up(schema) { ${up} } });`);
  }
  return root;
}

function write(root: string, name: string, text: string): void {
  const head =
    "const { DataTypes, literal, fn, col, Op } = require('sequelize'); const { migration } = require('sequelize-live-migrations');";
  fs.writeFileSync(path.join(root, 'migrations', name), `${head}\n${text}\n`);
}

const migrate = (root: string, database: TestDatabase, work: (umzug: Umzug) => Promise<unknown>) =>
  migrateQuietly(database, work, { root });

const ADD = '20250801-add-age.js';
const CHANGE = '20250802-change-it.js';
const SIZE =
  "schema.addColumn('pets', 'size', { type: DataTypes.ENUM('S', 'L'), allowNull: false, defaultValue: 'S' });";
const AGE = "schema.addColumn('pets', 'age', { type: DataTypes.INTEGER, defaultValue: 1 });";

describe('an older migration, undone by its name and done again, leaves what a newer one has made', () => {
  it.each<[string, string, string]>([
    [
      'another default',
      AGE,
      "schema.changeColumn('pets', 'age', { type: DataTypes.INTEGER, defaultValue: 5 });",
    ],
    [
      'not null',
      AGE,
      "schema.changeColumn('pets', 'age', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 });",
    ],
    ['another name', AGE, "schema.renameColumn('pets', 'age', 'years');"],
    [
      'another name, with an index on it',
      `${AGE} schema.addIndex('pets', ['age']);`,
      "schema.renameColumn('pets', 'age', 'years');",
    ],
    [
      'another name of a column with labels',
      "schema.addColumn('pets', 'size', { type: DataTypes.ENUM('S', 'L'), defaultValue: 'S' });",
      "schema.renameColumn('pets', 'size', 'width');",
    ],
    [
      'more labels of an enum',
      SIZE,
      "schema.changeColumn('pets', 'size', { type: DataTypes.ENUM('S', 'M', 'L'), defaultValue: 'M' });",
    ],
    [
      'another name of a label, and then of its column',
      `${SIZE} schema.addIndex('pets', ['name'], { name: 'sized', where: { size: { [Op.in]: ['S', 'L'] } } });`,
      "schema.renameEnumValue('pets', 'size', 'S', 'small'); schema.renameColumn('pets', 'size', 'width');",
    ],
    [
      'another name of a column in the condition of a check',
      "schema.addConstraint('pets', { type: 'check', name: 'seen', where: { [Op.or]: [{ visits: { [Op.gte]: 0 } }] } });",
      "schema.renameColumn('pets', 'visits', 'calls');",
    ],
    [
      'another name of an index',
      "schema.addIndex('pets', ['visits']);",
      "schema.renameIndex('pets', 'pets_visits', 'by_visits');",
    ],
    [
      'another name of the table, with all that is declared of it',
      `${SIZE} schema.addIndex('pets', ['size']);
       schema.addColumn('pets', 'part_of', { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } });
       schema.createTable('boxes', { id: { type: DataTypes.INTEGER, primaryKey: true }, pet: { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } } });`,
      "schema.renameTable('pets', 'animals'); schema.renameTable('boxes', 'crates'); schema.renameColumn('animals', 'size', 'width');",
    ],
    ['no such index', "schema.addIndex('pets', ['visits']);", "schema.removeIndex('pets', ['visits']);"],
  ])('%s', async (_, older, newer) => {
    const root = projectWith({ [ADD]: older, [CHANGE]: newer });
    const database = await createDatabase();
    await migrate(root, database, (umzug) => umzug.up());
    const table = newer.includes('renameTable') ? 'animals' : 'pets';
    await database.query(`INSERT INTO ${table} (name) VALUES ('Rex')`);
    const [schema, rows] = [await schemaOf(database), await database.query(`SELECT * FROM ${table}`)];
    await migrate(root, database, (umzug) => umzug.down(ADD));
    await migrate(root, database, (umzug) => umzug.up());
    expect(await schemaOf(database)).toEqual(schema);
    expect(await database.query(`SELECT * FROM ${table}`)).toEqual(rows);
    await migrate(root, database, (umzug) => umzug.up());
    expect(await recordsOf(database)).toEqual([...MIGRATIONS, ADD, CHANGE]);
  });

  it('and does not bring back what that has removed', async () => {
    const root = projectWith({
      [ADD]: AGE,
      [CHANGE]: "schema.removeColumn('pets', 'age', { type: DataTypes.INTEGER, defaultValue: 1 });",
    });
    const database = await createDatabase();
    await migrate(root, database, (umzug) => umzug.up());
    await database.query(`DELETE FROM "SequelizeMeta" WHERE name = '${ADD}'`);
    const schema = await schemaOf(database);
    const said = await migrate(root, database, (umzug) => umzug.up());
    expect(said).toContain('column pets.age is not added: a later migration, which has run, removes it');
    expect(await schemaOf(database)).toEqual(schema);
  });
});

describe('a migration that takes away what an earlier one declares is refused, with what to write', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'fewer labels',
      "schema.addColumn('pets', 'size', { type: DataTypes.ENUM('S', 'M', 'L') });",
      "schema.changeColumn('pets', 'size', { type: DataTypes.ENUM('S', 'L') });",
      /enum type enum_pets_size: expected S, L, found S, M, L\. PostgreSQL removes no label, .* DataTypes\.ENUM\('S', 'M', 'L'\).*schema\.bulkUpdate\('pets', \{ size: … \}, \{ size: \['M'\] \}\)/,
    ],
    [
      'a shorter varchar',
      "schema.addColumn('pets', 'code', { type: DataTypes.STRING(40) });",
      "schema.changeColumn('pets', 'code', { type: DataTypes.STRING(20) });",
      /column pets\.code: expected type character varying\(20\), found a longer one\. .*addConstraint\('pets', .*length/,
    ],
    [
      'a varchar in place of a text',
      "schema.addColumn('pets', 'code', { type: DataTypes.TEXT });",
      "schema.changeColumn('pets', 'code', { type: DataTypes.STRING });",
      /column pets\.code: expected type character varying\(255\), found a longer one/,
    ],
  ])('%s', async (_, older, newer, message) => {
    const root = projectWith({ [ADD]: older, [CHANGE]: newer });
    const database = await createDatabase();
    await expect(migrate(root, database, (umzug) => umzug.up())).rejects.toThrow(message);
    expect(await recordsOf(database)).toEqual([...MIGRATIONS, ADD]);
  });
});

describe('a hand-written up that calls the vocabulary', () => {
  const first = `const first = migration(__filename, { up(schema) { ${AGE} } });`;
  const failing = `${first} exports.down = () => Promise.resolve();
    exports.up = async (queryInterface) => { await first.up(queryInterface); await queryInterface.sequelize.query('SELECT nonsense'); };`;

  it('is not logged before it has ended: one that fails is run again', async () => {
    const root = copyFixture();
    write(root, ADD, failing);
    const database = await createDatabase();
    const run = () => migrate(root, database, (umzug) => umzug.up());
    await expect(run()).rejects.toThrow('nonsense');
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
    await expect(run()).rejects.toThrow('nonsense');
  });

  it('is logged when it has ended, and so is its undo', async () => {
    const root = copyFixture();
    write(
      root,
      ADD,
      `${first} exports.up = async (q) => { await first.up(q); }; exports.down = async (q) => { await first.down(q); };`,
    );
    const database = await createDatabase();
    await migrate(root, database, (umzug) => umzug.up());
    expect(await recordsOf(database)).toEqual([...MIGRATIONS, ADD]);
    expect(await schemaOf(database)).toContain('pets age integer default 1');
    await migrate(root, database, (umzug) => umzug.down());
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
    expect((await schemaOf(database)).filter((line) => line.includes('age'))).toEqual([]);
  });
});
