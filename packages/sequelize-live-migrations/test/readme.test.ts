import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stopCheckoutServers } from 'checkout-postgres';
import * as kit from 'sequelize-live-migrations/testing';
import { ROOT } from './support/build';
import { succeed } from './support/cli';
import { createDatabase, dropDatabases } from './support/database';
import { recordsOf, schemaOf } from './support/schema';

// The files that the README has somebody write, in otherwise empty projects.

const README = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8');
const folders: string[] = [];

afterAll(() => dropDatabases());
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

/** A project with nothing but what is installed here, which every user may enter, as the embedded server may be one. */
function newProject(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-readme-'));
  folders.push(folder);
  fs.chmodSync(folder, 0o755);
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** Writes the files that are marked in the README with one of its labels, `<!-- label: path -->`. */
function write(folder: string, label: string, expected: readonly string[]): void {
  const blocks = [...README.matchAll(/<!-- ([^:\n]+): (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)];
  const files = blocks.filter(([, marked]) => marked === label);
  expect(files.map(([, , name]) => name)).toEqual(expect.arrayContaining([...expected]));
  for (const [, , name = '', text = ''] of files) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

it('migrate a database forwards and back', async () => {
  const [project, database] = [newProject(), await createDatabase()];
  write(project, 'file', ['.sequelizerc', 'config/database.js']);
  await succeed('db:migrate', database.url, { cwd: project });
  expect(await recordsOf(database)).toEqual(['20260105090000-create-books.js']);
  expect(await schemaOf(database)).toEqual(
    expect.arrayContaining([
      'books title character varying(255) not null',
      'CREATE INDEX books_title ON public.books USING btree (title)',
    ]),
  );
  await succeed('db:migrate:undo', database.url, { cwd: project });
  expect((await schemaOf(database)).filter((line) => !line.includes('SequelizeMeta'))).toEqual([]);
});

it('migrate the database of checkout-postgres, with nothing configured', async () => {
  const project = newProject();
  write(project, 'file', ['.sequelizerc']);
  write(project, 'with checkout-postgres', ['config/database.js']);
  const theirs = fs.readFileSync(path.join(__dirname, '../../checkout-postgres/README.md'), 'utf8');
  const [, settings = ''] = /```json\n(.*)\n```/.exec(theirs) ?? [];
  fs.writeFileSync(path.join(project, 'package.json'), `{ ${settings} }`);
  try {
    const { stdout } = await succeed('db:migrate', '', { cwd: project });
    expect(stdout).toMatch(/^Started the embedded PostgreSQL .*\/library_development$/m);
    expect(stdout).toContain('create-books: migrated');
  } finally {
    await stopCheckoutServers(project);
  }
});

it('in TypeScript: with these settings, a generated migration compiles and runs', async () => {
  const [project, database] = [newProject(), await createDatabase()];
  write(project, 'typescript', ['.sequelizerc', 'app/src/tsconfig.json', 'app/src/config/database.ts']);
  const { stdout } = await succeed('migration:generate --name create-books', '', { cwd: project });
  const [, name] = /^New file: app\/src\/migrations\/(\S+)\.ts$/m.exec(stdout) ?? [];
  await succeed('db:migrate', database.url, { cwd: project });
  expect(await recordsOf(database)).toEqual([`${String(name)}.js`]);
  await succeed('db:migrate:undo', database.url, { cwd: project });
});

it('names every export of the test kit, and no other', () => {
  const [, section = ''] = /\n## Testing\n([\s\S]*?)\n## /.exec(README) ?? [];
  const named = [...section.matchAll(/`(\w+)\(/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(Object.keys(kit)));
});

it('lists every setting of a .sequelizerc', () => {
  const source = fs.readFileSync(path.join(__dirname, '../bootstrap/project.js'), 'utf8');
  const [, settings = ''] = /const SETTINGS = \{([\s\S]*?)\}/.exec(source) ?? [];
  const names = [...settings.matchAll(/(\w+):/g)].map(([, name = '']) => name);
  const [, section = ''] = /\n### The settings\n([\s\S]*?)\n## /.exec(README) ?? [];
  expect(names.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});
