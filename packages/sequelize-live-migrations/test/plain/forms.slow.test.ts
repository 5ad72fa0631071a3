import fs from 'node:fs';
import path from 'node:path';
import { typedIn } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { migrateDown, migrateUp, plainProject, upAndDown } from '../support/plain-project';
import { recordsOf, schemaOf } from '../support/schema';

// The forms in which migrations are written, each run as it is, and logged under the name of its file.

afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

const BODY = "await q.createTable('toys', { id: S.INTEGER });";
const UP = `async (q, S) => { ${BODY} }`;
const DOWN = "async (q) => { await q.dropTable('toys'); }";

/** Files of a project beside its migrations. */
type Files = Readonly<Record<string, string>>;

function project(name: string, text: string, others: Files = {}): string {
  const root = plainProject({ [name]: text });
  for (const [file, content] of Object.entries(others)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), content);
  }
  return root;
}

const MODULE = { 'package.json': '{ "type": "module" }', 'config/package.json': '{ "type": "commonjs" }' };

/** What is tested, the name of the file, its text, and other files. */
const FORMS: readonly [string, string, string, Files?][] = [
  ['CommonJS', '1-toys.js', `module.exports = { up: ${UP}, down: ${DOWN} };`],
  [
    'exports by name, and names that nobody uses',
    '20250101 toys.v2.js',
    `const unused = require('path'); exports.up = ${UP}; exports.down = ${DOWN};`,
  ],
  [
    'a default export that was compiled',
    'toys.js',
    `exports.__esModule = true; exports.default = { up: ${UP}, down: ${DOWN} };`,
  ],
  ['.cjs', '1-toys.cjs', `module.exports = { up: ${UP}, down: ${DOWN} };`],
  ['.cjs in a project of ES modules', '1-toys.cjs', `module.exports = { up: ${UP}, down: ${DOWN} };`, MODULE],
  ['.mjs', '1-toys.mjs', `export default { up: ${UP}, down: ${DOWN} };`],
  [
    '.mjs with exports by name',
    '1-toys.mjs',
    `export async function up(q, S) { ${BODY} }\nexport const down = ${DOWN};`,
  ],
  [
    '.js in a project of ES modules',
    '1-toys.js',
    `export const up = ${UP};\nexport const down = ${DOWN};`,
    MODULE,
  ],
  [
    '.js in a project of ES modules, by default',
    '1-toys.js',
    `export default { up: ${UP}, down: ${DOWN} };`,
    MODULE,
  ],
  [
    'helpers from elsewhere',
    '1-toys.js',
    "module.exports = require('../lib/toys');",
    { 'lib/toys.js': `module.exports = { up: ${UP}, down: ${DOWN} };` },
  ],
  [
    'methods that use this',
    '1-toys.js',
    `module.exports = { make: ${UP}, up(q, S) { return this.make(q, S); }, down: ${DOWN} };`,
  ],
  [
    'beside what is no migration',
    '1-toys.js',
    `module.exports = { up: ${UP}, down: ${DOWN} };`,
    { 'migrations/.eslintrc.js': '!', 'migrations/sql/1.sql': 'x', 'migrations/notes.txt': 'x' },
  ],
];

it.each(FORMS.map(([title, name, text, others = {}]) => [title, name, text, others] as const))(
  '%s',
  async (title, name, text, others) => {
    const root = project(name, text, others);
    // Jest cannot import ES modules in its own process.
    const { succeed } = typedIn(root);
    const isCommonJs = !/mjs|ES modules/.test(title);
    await (isCommonJs ? migrateUp(root, database) : succeed('db:migrate', database.url));
    expect(await schemaOf(database)).toContain('toys id integer');
    expect(await recordsOf(database)).toEqual([name]);
    await (isCommonJs ? migrateDown(root, database) : succeed('db:migrate:undo', database.url));
    expect(await recordsOf(database)).toEqual([]);
  },
);

it('the status has the names of the files, as sequelize-cli prints them', async () => {
  const root = project('1-toys.cjs', `exports.up = ${UP};`, {
    'migrations/2-more.mjs': 'export const up = 1;',
  });
  await database.query(
    `CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY); INSERT INTO "SequelizeMeta" VALUES ('1-toys.js')`,
  );
  const { stdout } = await typedIn(root).succeed('db:migrate:status', database.url);
  expect(stdout.match(/^(up|down) .*/gm)).toEqual(['up 1-toys.cjs', 'down 2-more.mjs']);
});

describe('a database that has logged it with another ending knows it', () => {
  it.each([
    ['1-toys.ts', '1-toys.js'],
    ['1-toys.js', '1-toys.cjs'],
  ])('%s, and now %s', async (logged, name) => {
    const root = project(name, `module.exports = { up: ${UP}, down: ${DOWN} };`);
    await database.query(
      `CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY); INSERT INTO "SequelizeMeta" VALUES ('${logged}')`,
    );
    await migrateUp(root, database);
    expect(await recordsOf(database)).toEqual([logged]);
  });
});

describe('what cannot be run is refused before anything is done, with what to write', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'umzug 3',
      '2-new.js',
      'exports.up = async ({ context: queryInterface }) => {};',
      /2-new\.js is written for umzug 3, which calls up\(\{ context \}\)/,
    ],
    ['no up', '2-new.mjs', 'export const down = 1;', /2-new\.mjs does not export up/],
    [
      'TypeScript that nobody compiles',
      '2-new.ts',
      'enum Size { S } exports.up = async (q: unknown): Promise<void> => {};', // what no Node.js runs as it is
      /2-new\.ts cannot be loaded: .*"typescript" in \.sequelizerc has it compiled/,
    ],
    [
      'an ES module with an error',
      '2-new.mjs',
      "import 'no-such-module';",
      /2-new\.mjs cannot be loaded: Cannot find package 'no-such-module'/,
    ],
    [
      'the same twice',
      '1-toys.cjs',
      'exports.up = 1;',
      /several files for one migration: 1-toys\.cjs, 1-toys\.js/,
    ],
  ])('%s', async (_, name, text, message) => {
    const root = project('1-toys.js', `module.exports = { up: ${UP}, down: ${DOWN} };`, {
      [`migrations/${name}`]: text,
    });
    const { code, stderr } = await typedIn(root).sequelizeCli('db:migrate', database.url);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
    expect(stderr).toContain('Nothing was changed');
    expect(await schemaOf(database)).toEqual([]);
  });

  it('the undo of one without down, and not before', async () => {
    const root = project('1-toys.js', `exports.up = ${UP};`, { 'migrations/2-more.js': upAndDown('') });
    const { succeed, sequelizeCli } = typedIn(root);
    await migrateUp(root, database);
    const { code, stderr } = await sequelizeCli('db:migrate:undo:all', database.url);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /1-toys\.js does not export down, so it cannot be undone\. .*undo:all --to 2-more\.js/,
      ),
    });
    expect(await recordsOf(database)).toEqual(['1-toys.js', '2-more.js']);
    await succeed('db:migrate:undo:all --to 2-more.js', database.url);
    expect(await recordsOf(database)).toEqual(['1-toys.js']);
  });
});
