import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run, typedIn } from './support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from './support/database';
import { packTarball } from './support/pack';
import { upAndDown } from './support/plain-project';
import { writeFromReadme } from './support/readme';
import { recordsOf, schemaOf } from './support/schema';

// The tarball, installed as the README says into a project that has used stock sequelize-cli.

const NEEDED = ['sequelize@6', 'sequelize-cli@6', 'pg@8'];
const [TOYS, SIZE] = ['20250101-create-toys.js', '20250201-add-size.js'];

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-adopt-'));
  tarball = await packTarball(folder, 'sequelize-live-migrations', { compile: false });
});
afterAll(() => dropDatabases());
afterAll(() => fs.rmSync(folder, { recursive: true }));

function newProject(title: string, database: TestDatabase): string {
  const project = path.join(folder, title);
  const files = {
    'package.json': '{ "name": "toys", "private": true }',
    'config/config.json': JSON.stringify({ development: { dialect: 'postgres', url: database.url } }),
    [`migrations/${String(TOYS)}`]: upAndDown(
      "await q.createTable('toys', { id: S.INTEGER });",
      "await q.dropTable('toys');",
    ),
    [`migrations/${String(SIZE)}`]: upAndDown(
      "await q.addColumn(table('toys'), 'size', S.INTEGER);",
      "await q.removeColumn(table('toys'), 'size');",
    ),
  };
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    fs.writeFileSync(path.join(project, name), text);
  }
  return project;
}

it.each([
  ['npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts']],
  ['pnpm', ['add', '--offline', '--ignore-scripts']],
])('installed with %s, stock sequelize-cli hands over, and takes over again', async (manager, args) => {
  const database = await createDatabase();
  const cwd = newProject(manager, database);
  const env = { npm_config_update_notifier: 'false' };
  const installed = await run(manager, [...args, tarball, ...NEEDED], { cwd, env }).catch(
    (error: unknown) => ({ code: 1, stderr: String(error) }),
  );
  if (installed.code !== 0) {
    // Without a registry, only what the package manager has cached can be installed.
    console.warn(
      `Passed over: ${manager} cannot install it here: ${installed.stderr.trim().split('\n')[0] ?? ''}`,
    );
    return;
  }
  const { start } = typedIn(cwd);
  const cli = async (line: string) => {
    const bin = path.join(cwd, 'node_modules/.bin/sequelize-cli');
    const child = start(bin, line.split(' '));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${line} failed:\n${output}`);
    return output;
  };

  await cli(`db:migrate --to ${String(TOYS)}`);
  expect(await recordsOf(database)).toEqual([TOYS]);
  writeFromReadme(cwd, 'adopt', ['.sequelizerc']);
  await cli('db:migrate');
  expect(await recordsOf(database)).toEqual([TOYS, SIZE]);
  expect(await schemaOf(database)).toContain('toys size integer');
  await cli('db:migrate:undo');
  expect(await recordsOf(database)).toEqual([TOYS]);
  await cli('db:migrate');
  fs.rmSync(path.join(cwd, '.sequelizerc'));
  await cli('db:migrate:undo:all');
  expect(await recordsOf(database)).toEqual([]);
});
