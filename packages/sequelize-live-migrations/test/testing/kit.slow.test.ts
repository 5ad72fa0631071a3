import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fieldsOf, projectWith, removeProjects } from '../support/adopted-project';
import { ROOT } from '../support/build';
import { run, start } from '../support/cli';
import { createDatabase, createRole, urlFor } from '../support/database';
import { eventually } from '../support/eventually';
import { copyFixture, FIXTURE, KIND, MIGRATIONS } from '../support/fixture-project';
import { argumentsFor } from '../support/kit-process';
import { askServer, createMigratedDatabase, namesWhere, present, useKitRun } from '../support/kit-run';
import { recordsOf, schemaOf } from '../support/schema';
import { serverUrl } from '../support/server';
import { nameIn } from '../support/urls';

// The kit in processes of their own, beside a run that this test file begins.

/** Begins a run, creates a database, and ends the run; gives the names of the database and of the template. */
async function wholeRun(url = serverUrl(), cwd = FIXTURE): Promise<readonly string[]> {
  const { stdout, stderr } = await run(process.execPath, argumentsFor('end', url), { cwd });
  expect(stderr).toBe('');
  return stdout.trim().split(' ');
}

const ownTemplate = () => nameIn(process.env['LIVE_MIGRATIONS_TEST_TEMPLATE_URL'] ?? '');
useKitRun();
afterAll(removeProjects);

/** The server needs a moment to notice that a killed process no longer claims its run. */
async function untilReleased(database: string): Promise<void> {
  const run = database.replace(/_[0-9a-f]{16}$/, '');
  const claims = `SELECT FROM pg_locks WHERE locktype = 'advisory'
    AND (classid::bigint << 32 | objid::bigint) = hashtextextended('${run}', 0)`;
  await eventually('the killed run is released', async () => (await askServer(claims)).length === 0);
}

it('Jest runs with the ready-made setup and two workers, and nothing is left', async () => {
  const folder = copyFixture();
  const kit = 'sequelize-live-migrations/testing';
  const config = {
    globalSetup: `${kit}/jest-setup`,
    globalTeardown: `${kit}/jest-teardown`,
    transform: {}, // plain JavaScript, and Babel takes seconds
    testTimeout: 60_000, // on a busy machine, two databases take longer than Jest's 5 s
  };
  fs.writeFileSync(path.join(folder, 'jest.config.json'), JSON.stringify(config));
  for (const name of ['one', 'other']) {
    fs.writeFileSync(
      path.join(folder, `${name}.test.js`),
      `it('creates', async () => {
        const databases = await Promise.all([1, 2].map(require('${kit}').createTestDatabase));
        require('node:fs').writeFileSync('${name}.txt', databases.map(({ url }) => url).join(' '));
      })`,
    );
  }
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  const env = { TEST_DATABASE_URL: serverUrl() };
  const { code, stderr } = await run(process.execPath, [jest, '--maxWorkers=2'], { cwd: folder, env });
  expect({ code, output: code === 0 ? '' : stderr }).toEqual({ code: 0, output: '' });
  const urls = ['one', 'other'].flatMap((name) =>
    fs.readFileSync(path.join(folder, `${name}.txt`), 'utf8').split(' '),
  );
  expect(new Set(urls).size).toBe(4);
  expect(await present(...urls.map(nameIn))).toEqual([]);
});

it('a project whose config.json names a database gets test databases, and that one is not touched', async () => {
  const developers = await createDatabase();
  const cwd = projectWith({
    'config/config.json': JSON.stringify({ development: fieldsOf(developers), test: fieldsOf(developers) }),
    'migrations/1-toys.js': "exports.up = (q, S) => q.createTable('toys', { id: S.INTEGER });",
  });
  const script = `const { beginRun, createTestDatabase, endRun } = require('sequelize-live-migrations/testing');
    beginRun({ root: process.cwd(), url: process.argv[1] }).then(createTestDatabase)
      .then(({ url }) => require('sequelize-live-migrations/testing').schemaOf(url))
      .then((schema) => console.log(schema.join('; '))).then(endRun);`;
  const ran = await run(process.execPath, ['-e', script, serverUrl()], { cwd });
  expect(ran).toEqual({ code: 0, stderr: '', stdout: expect.stringContaining('toys id integer') });
  expect(await schemaOf(developers)).toEqual([]);
});

it('what a killed run has left is gone after the next setup, and what others use is not', async () => {
  const kept = await createMigratedDatabase();
  const killed = start(process.execPath, argumentsFor('stay', serverUrl()));
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
  const project = copyFixture();
  const migration = path.join(project, 'migrations', KIND);
  const before = fs.readFileSync(migration, 'utf8');
  fs.writeFileSync(migration, before.replace("defaultValue: 'cat'", "defaultValue: 'dog'"));
  const [, other = ''] = await wholeRun(serverUrl(), project);
  expect(new Set(await present(ownTemplate(), other)).size).toBe(2);
  fs.writeFileSync(migration, before);
  expect((await wholeRun(serverUrl(), project))[1]).toBe(ownTemplate());
  expect(await present(ownTemplate(), other)).toEqual([ownTemplate()]);
});

it('a role needs CREATEDB and no more; killed while it builds the template, the next two build it once', async () => {
  const tester = await createRole('tester');
  const url = urlFor(tester, serverUrl());
  const refused = await run(process.execPath, argumentsFor('end', url));
  expect(refused.stderr).toContain(`Allow it, ALTER ROLE "${tester.name}" CREATEDB`);

  await askServer(`ALTER ROLE ${tester.name} CREATEDB`);
  const mine = () => namesWhere(`pg_get_userbyid(datdba) = '${tester.name}'`);
  const killed = start(process.execPath, argumentsFor('end', url));
  await eventually('the template is being built', async () => (await mine()).length > 0);
  killed.kill('SIGKILL');
  await once(killed, 'close');
  const [draft = ''] = await mine();
  expect(draft).toMatch(/^live_migrations_run_/);

  await untilReleased(draft);
  const [[, one], [, other]] = await Promise.all([wholeRun(url), wholeRun(url)]);
  expect(one).toBe(other);
  expect(await mine()).toEqual([one]);
});

it('a wrong TEST_DATABASE_URL is said so, where Jest prints the stack of the error', async () => {
  const wrong = 'postgres://ann:geheim@localhost:1/pets';
  const env = { NODE_ENV: 'test', TEST_DATABASE_URL: wrong };
  const setUp = "require('sequelize-live-migrations/testing/jest-setup').default({ rootDir: process.cwd() })";
  const script = `${setUp}.catch((error) => console.log(error.stack))`;
  const { stdout } = await run(process.execPath, ['-e', script], { env });
  expect(stdout).toMatch(/^Error: connect ECONNREFUSED .* at localhost:1\. .* correct TEST_DATABASE_URL\.\n/);
  expect(stdout).not.toContain('geheim');
});

it('a project without migrations is said so, as db:migrate says it', async () => {
  const cwd = copyFixture();
  fs.rmSync(path.join(cwd, 'migrations'), { recursive: true });
  const { stderr } = await run(process.execPath, argumentsFor('end', serverUrl()), { cwd });
  expect(stderr).toContain('ERROR: There is no folder migrations, which .sequelizerc names.');
});
