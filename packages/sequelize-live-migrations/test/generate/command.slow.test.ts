import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { urlOfSibling } from '../../src/configuration';
import { ROOT } from '../support/build';
import { run, sequelizeCli, start, succeed } from '../support/cli';
import { createDatabase, createRole, dropDatabases, type TestDatabase, urlFor } from '../support/database';
import { eventually } from '../support/eventually';
import { copyFixture, MIGRATIONS, removeCopies } from '../support/fixture-project';
import { schemaOf } from '../support/schema';
import { closeSessions, openSession } from '../support/session';

// `migration:generate` as it is typed, in a project without TypeScript.

const BIN = path.join(ROOT, 'node_modules/sequelize-live-migrations/bin.js');

let cwd: string;
let developers: TestDatabase;

beforeAll(async () => {
  // With things of its own, and without the migrations: it is not what is compared.
  developers = await createDatabase();
  await developers.query('CREATE TABLE pets (drifted text)');
});

beforeEach(() => {
  cwd = copyFixture();
});

afterAll(removeCopies);
afterAll(closeSessions);
afterAll(() => dropDatabases());

const generate = (options: string, url = developers.url) =>
  sequelizeCli(`migration:generate ${options}`, url, { cwd });

const migrations = () => fs.readdirSync(path.join(cwd, 'migrations')).sort();

function editModel(change: (text: string) => string): void {
  const file = path.join(cwd, 'models/index.js');
  const before = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, change(before));
}

const addColor = () =>
  editModel((text) =>
    text.replace('notes: DataTypes.TEXT,', 'notes: DataTypes.TEXT,\n    color: DataTypes.TEXT,'),
  );

it('a plain migration that cannot be run is named once', async () => {
  fs.writeFileSync(
    path.join(cwd, 'migrations/20250401-template.js'),
    "exports.up = (q, S) => q.addColumn('table', 'column', S.INTEGER); exports.down = () => Promise.resolve();",
  );
  const { stderr } = await generate('--name add-color');
  expect(stderr).toMatch(/^ERROR: relation .*table" does not exist\. In up of 20250401-template\.js/);
  expect(migrations()).toEqual([...MIGRATIONS, '20250401-template.js'].sort());
});

it('the loop: the model is edited, the migration is generated, it runs, and check is green', async () => {
  addColor();
  expect(await generate('--check')).toMatchObject({
    code: 1,
    stdout: "schema.addColumn('pets', 'color', { type: DataTypes.TEXT });\n",
    stderr: expect.stringContaining('ERROR: The models declare what no migration makes'),
  });
  const { code, stdout } = await generate('--name addColorToPets');
  expect(code).toBe(0);
  const [, file = ''] = /^New file: (migrations\/\d{14}-add-color-to-pets\.js)$/m.exec(stdout) ?? [];
  expect(fs.readFileSync(path.join(cwd, file), 'utf8')).toBe(`'use strict';

const { DataTypes } = require('sequelize');
const { migration } = require('sequelize-live-migrations');

// Why, in one or two lines.
// Locks: ACCESS EXCLUSIVE on pets, briefly.
// The previous release keeps working.
module.exports = migration(__filename, {
  up(schema) {
    schema.addColumn('pets', 'color', { type: DataTypes.TEXT });
  },
});
`);
  const database = await createDatabase();
  await succeed('db:migrate', database.url, { cwd });
  const checked = await run(process.execPath, [BIN, 'check'], { cwd, env: { DATABASE_URL: database.url } });
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  expect(await generate('--check')).toMatchObject({
    code: 0,
    stdout: 'The migrations make all that the models declare.\n',
  });
  expect(await schemaOf(developers)).toEqual(['pets drifted text']);
});

it('where nothing is different, the template, and a line that says so; with --empty the template alone', async () => {
  const same = await generate('--name add-color-to-pets');
  expect(same.stdout).toMatch(
    /^The migrations make all that the models declare: this is the template\.\nNew file: .*\n$/,
  );
  addColor();
  const empty = await generate('--name add-size-to-pets --empty');
  expect(empty.stdout).toMatch(/^New file: .*\n$/);
  const [, , , , second = ''] = migrations();
  expect(fs.readFileSync(path.join(cwd, 'migrations', second), 'utf8')).toContain("addColumn('pets', 'size'");
});

it('what is removed is said on a line of its own, on the terminal, too', async () => {
  editModel((text) => text.replace('notes: DataTypes.TEXT,', ''));
  const line =
    'REMOVES pets.notes, which no model declares. Its values are kept aside, and an undo restores them.';
  expect((await generate('--name forget')).stdout.split('\n')[0]).toBe(line);
});

it('what may be meant instead is on the terminal, too, under the words that announce it', async () => {
  editModel((text) => text.replace('notes: DataTypes.TEXT,', 'remarks: DataTypes.TEXT,'));
  expect((await generate('--name remarks')).stdout).toContain(
    'under another name, write this in place of its removal and of its creation:\n' +
      "  schema.renameColumn('pets', 'notes', 'remarks');\nREMOVES pets.notes",
  );
});

it('where no database can be had, the template, and a line that says why; --check fails', async () => {
  const role = await createRole('creates_nothing');
  const url = urlFor(role, developers.url);
  const refused = await generate('--name add-color-to-pets', url);
  expect(refused.code).toBe(0);
  expect(refused.stdout).toMatch(
    /^This is the template, not compared with the models, because there is no database for that: permission denied to create database\. .*\nNew file: /,
  );
  expect(await generate('--check', url)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^ERROR: permission denied to create database/),
  });
  const none = await generate('--name add-size-to-pets', '');
  expect(none.stdout).toContain('because there is no database for that: No database is configured');
});

it('where a migration fails, or the models cannot be loaded, nothing is written', async () => {
  fs.writeFileSync(
    path.join(cwd, 'migrations/20250401-broken.js'),
    `const { migration } = require('sequelize-live-migrations');
     module.exports = migration(__filename, { up: (schema) => schema.addIndex('none', ['name']) });`,
  );
  const before = migrations();
  expect(await generate('--name anything')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^ERROR: In 20250401-broken, on a temporary database: Table none does not exist/,
    ),
  });
  editModel((text) => `${text}\nthrow new Error('no models today');`);
  expect(await generate('--name anything')).toMatchObject({
    code: 1,
    stderr: 'ERROR: no models today. Nothing was written. --empty writes the template.\n',
  });
  expect(migrations()).toEqual(before);
});

it.each([
  [
    '--name x --chek',
    '--chek is no option of migration:generate. Nothing was written. Perhaps you mean --check.',
  ],
  ['--name x --empty --check', '--empty and --check do not go together. Nothing was written.'],
  ['--name 7', '--name needs what it does'],
])('%s: one line, and nothing is written', async (options, message) => {
  const { code, stderr } = await generate(options);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`ERROR: ${message}`) });
  expect(migrations()).toEqual(MIGRATIONS);
});

it('a role that may create databases is enough, and the temporary one is gone afterwards', async () => {
  const role = await createRole('creates_databases');
  await developers.query(`ALTER ROLE ${role.name} CREATEDB`);
  addColor();
  expect(await generate('--check', urlFor(role, developers.url))).toMatchObject({ code: 1 });
  const owned = `SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = '${role.name}'`;
  expect(await developers.query(owned)).toEqual([]);
});

it('what a killed one has left on the server is gone after the next one, and what is in use is not', async () => {
  const role = await createRole('is_killed');
  await developers.query(`ALTER ROLE ${role.name} CREATEDB`);
  const url = urlFor(role, developers.url);
  const ofRole = `FROM pg_database WHERE pg_get_userbyid(datdba) = '${role.name}'`;
  const owned = async () =>
    (await developers.query(`SELECT datname AS name ${ofRole}`)).map(({ name }) => name);
  const killed = start(process.execPath, [BIN, 'generate', '--check'], { cwd, env: { DATABASE_URL: url } });
  await eventually('its database is there', async () => (await owned()).length > 0);
  killed.kill('SIGKILL');
  await once(killed, 'close');
  const sessions = `SELECT FROM pg_stat_activity WHERE usename = '${role.name}'`;
  await eventually('the server has noticed', async () => (await developers.query(sessions)).length === 0);
  const left = await owned();
  const [, runName] = /^(live_migrations_run_[0-9a-f]{16})_/.exec(String(left)) ?? [];

  const inUse = await openSession({ ...developers, url: urlOfSibling(developers.url, 'postgres') });
  await inUse.query(`SELECT pg_advisory_lock_shared(hashtextextended('${String(runName)}', 0))`);
  expect(await generate('--check', url)).toMatchObject({ code: 0, stderr: '' });
  expect(await owned()).toEqual(left);
  await inUse.query('SELECT pg_advisory_unlock_all()');
  expect(await generate('--check', url)).toMatchObject({ code: 0, stderr: '' });
  expect(await owned()).toEqual([]);
});
