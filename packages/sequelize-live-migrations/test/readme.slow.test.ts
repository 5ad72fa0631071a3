import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stopCheckoutServers } from 'checkout-postgres';
import { ROOT } from './support/build';
import { succeed } from './support/cli';
import { createDatabase, dropDatabases } from './support/database';
import { writeFromReadme } from './support/readme';
import { recordsOf, SCHEMA, schemaOf } from './support/schema';

// The files that the README has somebody write, in otherwise empty projects.

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

it('migrate a database forwards and back', async () => {
  const [project, database] = [newProject(), await createDatabase()];
  writeFromReadme(project, 'file', ['.sequelizerc', 'config/database.js']);
  await succeed('db:migrate', database.url, { cwd: project });
  expect(await recordsOf(database)).toEqual(['20260105090000-create-books.js']);
  expect(await schemaOf(database)).toEqual(
    expect.arrayContaining([
      'books title character varying(255) not null',
      `CREATE INDEX books_title ON ${SCHEMA}.books USING btree (title)`,
    ]),
  );
  await succeed('db:migrate:undo', database.url, { cwd: project });
  expect((await schemaOf(database)).filter((line) => !line.includes('SequelizeMeta'))).toEqual([]);
});

it('migrate the database of checkout-postgres, with nothing configured', async () => {
  const project = newProject();
  writeFromReadme(project, 'file', ['.sequelizerc']);
  writeFromReadme(project, 'with checkout-postgres', ['config/database.js']);
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
