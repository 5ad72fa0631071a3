import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createTestDatabase } from 'sequelize-live-migrations/testing';
import { ROOT } from '../support/build';
import { run, start } from '../support/cli';
import {
  createDatabase,
  createMigratedDatabase,
  dropDatabases,
  type TestDatabase,
} from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { copyProject, removeCopies } from '../support/project';
import { recordsOf } from '../support/schema';
import { serverUrl } from '../support/server';

// The kit in processes of their own, beside the run that this test file is part of.

const SCRIPT = `
  const [project, url, after] = process.argv.slice(1);
  const { beginRun, createTestDatabase, endRun } = require(project + '/node_modules/sequelize-live-migrations/dist/testing');
  beginRun({ root: project, url }).then(createTestDatabase)
    .then(({ url }) => console.log(new URL(url).pathname.slice(1), new URL(process.env.LIVE_MIGRATIONS_TEST_TEMPLATE_URL).pathname.slice(1)))
    .then(() => after === 'end' && endRun());`;

const argumentsFor = (after: 'end' | 'stay', url: string, project: string) => [
  ...['-e', SCRIPT, project, url, after],
];

/** Begins a run, creates a database, and ends the run; gives the names of the database and of the template. */
async function wholeRun(url = serverUrl(), project = ROOT): Promise<readonly string[]> {
  const { stdout, stderr } = await run(process.execPath, argumentsFor('end', url, project));
  expect(stderr).toBe('');
  return stdout.trim().split(' ');
}

const nameIn = (url: string) => new URL(url).pathname.slice(1);
const ownTemplate = () => nameIn(process.env['LIVE_MIGRATIONS_TEST_TEMPLATE_URL'] ?? '');
let server: TestDatabase;

beforeAll(async () => {
  server = await createDatabase();
});

afterAll(async () => {
  await dropDatabases();
  removeCopies();
});

async function namesWhere(condition: string): Promise<string[]> {
  const rows = await server.query(`SELECT datname AS name FROM pg_database WHERE ${condition}`);
  return rows.map(({ name }) => String(name));
}

/** Those of some databases that are there. */
async function present(...names: readonly string[]): Promise<string[]> {
  return namesWhere(`datname IN (${names.map((name) => `'${name}'`).join(', ')})`);
}

/** The server needs a moment to notice that a killed process no longer claims its run. */
async function untilReleased(database: string): Promise<void> {
  const run = database.replace(/_[0-9a-f]{16}$/, '');
  const claims = `SELECT FROM pg_locks WHERE locktype = 'advisory'
    AND (classid::bigint << 32 | objid::bigint) = hashtextextended('${run}', 0)`;
  while ((await server.query(claims)).length > 0) await sleep(20);
}

it('a database is migrated, empty, and nobody else’s', async () => {
  const [one, other] = [await createMigratedDatabase(), await createMigratedDatabase()];
  expect(await recordsOf(one)).toEqual(MIGRATIONS);
  await one.query("INSERT INTO user_sessions (session_id, project_name) VALUES (gen_random_uuid(), 'mine')");
  expect(await other.query('SELECT FROM user_sessions')).toEqual([]);
});

it('is dropped when told so, once or twice, also from under open connections', async () => {
  const { url, drop } = await createTestDatabase();
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await Promise.all([drop(), drop()]);
  expect(await present(nameIn(url))).toEqual([]);
});

it('outside a run, the message names the settings of Jest that make one', async () => {
  const script = `require('sequelize-live-migrations/testing').createTestDatabase()`;
  const { stderr } = await run(process.execPath, ['-e', script]);
  expect(stderr).toMatch(/globalSetup has to be sequelize-live-migrations\/testing\/jest-setup/);
});

it('Jest runs with the ready-made setup and two workers, and nothing is left', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-service-'));
  const kit = 'sequelize-live-migrations/testing';
  const config = {
    rootDir: ROOT,
    roots: [folder],
    globalSetup: `${kit}/jest-setup`,
    globalTeardown: `${kit}/jest-teardown`,
  };
  fs.writeFileSync(path.join(folder, 'jest.config.json'), JSON.stringify(config));
  for (const name of ['one', 'other']) {
    fs.writeFileSync(
      path.join(folder, `${name}.test.js`),
      `it('creates', async () => {
        const databases = await Promise.all([1, 2].map(require(${JSON.stringify(require.resolve(kit))}).createTestDatabase));
        require('node:fs').writeFileSync(${JSON.stringify(path.join(folder, name))} + '.txt', databases.map(({ url }) => url).join(' '));
      })`,
    );
  }
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  const { code, stderr } = await run(
    process.execPath,
    [jest, '--maxWorkers=2', '--config', path.join(folder, 'jest.config.json')],
    {
      cwd: folder,
      env: { TEST_DATABASE_URL: serverUrl() },
    },
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const urls = ['one', 'other'].flatMap((name) =>
    fs.readFileSync(path.join(folder, `${name}.txt`), 'utf8').split(' '),
  );
  expect(new Set(urls).size).toBe(4);
  expect(await present(...urls.map(nameIn))).toEqual([]);
  fs.rmSync(folder, { recursive: true });
});

it('what a killed run has left is gone after the next setup, and what others use is not', async () => {
  const kept = await createMigratedDatabase();
  const killed = start(process.execPath, argumentsFor('stay', serverUrl(), ROOT));
  const [printed]: unknown[] = await once(killed.stdout, 'data');
  const [abandoned = ''] = String(printed).split(' ');
  killed.kill('SIGKILL');
  await once(killed, 'close');
  expect(await present(abandoned)).toEqual([abandoned]);
  await untilReleased(abandoned);
  await wholeRun();
  expect(await present(abandoned)).toEqual([]);
  expect(await recordsOf(kept)).toEqual(MIGRATIONS);
});

it('another migration makes another template, and the one that nobody uses any more goes', async () => {
  const project = copyProject();
  const migration = path.join(project, 'backend/src/migrations/20250723-add-version-to-sections.ts');
  const before = fs.readFileSync(migration, 'utf8');
  fs.writeFileSync(migration, before.replace('defaultValue: 1', 'defaultValue: 2'));
  const [, other = ''] = await wholeRun(serverUrl(), project);
  expect(new Set(await present(ownTemplate(), other)).size).toBe(2);
  fs.writeFileSync(migration, before);
  expect((await wholeRun(serverUrl(), project))[1]).toBe(ownTemplate());
  expect(await present(ownTemplate(), other)).toEqual([ownTemplate()]);
});

it('a role needs CREATEDB and no more; killed while it builds the template, the next two build it once', async () => {
  const role = `tester_${String(Date.now())}`;
  await server.query(`CREATE ROLE ${role} LOGIN PASSWORD 'tester'`);
  const url = new URL(serverUrl());
  [url.username, url.password] = [role, 'tester'];
  const refused = await run(process.execPath, argumentsFor('end', url.href, ROOT));
  expect(refused.stderr).toContain(`Allow it, ALTER ROLE "${role}" CREATEDB`);

  await server.query(`ALTER ROLE ${role} CREATEDB`);
  const mine = () => namesWhere(`pg_get_userbyid(datdba) = '${role}'`);
  const killed = start(process.execPath, argumentsFor('end', url.href, ROOT));
  while ((await mine()).length === 0) await sleep(20);
  killed.kill('SIGKILL');
  await once(killed, 'close');
  const [draft = ''] = await mine();
  expect(draft).toMatch(/^live_migrations_run_/);

  await untilReleased(draft);
  const [[, one], [, other]] = await Promise.all([wholeRun(url.href), wholeRun(url.href)]);
  expect(one).toBe(other);
  expect(await mine()).toEqual([one]);
  await server.query(`DROP DATABASE ${String(one)}`);
  await server.query(`DROP ROLE ${role}`);
});
