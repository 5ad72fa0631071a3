import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as kit from 'sequelize-live-migrations/testing';
import { ROOT } from './support/build';
import { succeed } from './support/cli';
import { createDatabase, dropDatabases } from './support/database';
import { recordsOf, schemaOf } from './support/schema';

// The files that the README has somebody write, in an otherwise empty project.

const README = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8');
const project = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-readme-'));

beforeAll(() => {
  const files = [...README.matchAll(/<!-- file: (\S+) -->\n\n```js\n([\s\S]*?)```/g)];
  expect(files.map(([, name]) => name)).toEqual(
    expect.arrayContaining(['.sequelizerc', 'config/database.js']),
  );
  for (const [, name = '', text = ''] of files) {
    const file = path.join(project, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
});

afterAll(() => dropDatabases());
afterAll(() => fs.rmSync(project, { recursive: true }));

it('migrate a database forwards and back', async () => {
  const database = await createDatabase();
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
