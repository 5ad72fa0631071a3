import { typedIn } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { plainProject, writeMigration } from '../support/plain-project';
import { recordsOf, SCHEMA, schemaOf } from '../support/schema';

// Migrations in TypeScript that nobody compiles: Node.js leaves the types out, from 22.18 and 23.6 on.

afterAll(removeCopies);
afterAll(() => dropDatabases());

const isStripped = Boolean(Reflect.get(process.features, 'typescript'));
if (!isStripped) console.warn(`Skipped, because Node.js ${process.version} runs no TypeScript by itself.`);
const itWhereStripped = isStripped ? it : it.skip;

const MODULE = `import type { QueryInterface } from 'sequelize';
interface Row { readonly id: number }
const rows: readonly Row[] = [{ id: 1 }];
export const up = async (q: QueryInterface, S: typeof import('sequelize').Sequelize & Record<string, any>): Promise<void> => {
  await q.createTable('toys', { id: { type: S.INTEGER, primaryKey: true } });
  await q.bulkInsert('toys', [...rows]);
};
export async function down(q: QueryInterface): Promise<void> { await q.dropTable('toys'); }
`;
/** Sequelize has it in `public` otherwise. */
const TABLE = `{ tableName: 'toys', schema: '${SCHEMA}' }`;
const column = (name: string) => `{
  up: async (q: any, S: any): Promise<void> => { await q.addColumn(${TABLE}, '${name}', S.INTEGER as unknown); },
  down: async (q: any): Promise<void> => { await q.removeColumn(${TABLE}, '${name}'); } }`;
const declared = (file: string) =>
  `migration(${file}, { up(schema: any): void { schema.addColumn('toys', 'declared', { type: DataTypes.TEXT }); } });`;

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

/** A project with one migration in each form of modules. */
function projectOf(manifest: string): string {
  const root = plainProject({
    '1-toys.ts': MODULE,
    '2-size.cts': `module.exports = ${column('size')};`,
    '3-more.mts': `export default ${column('more')};`,
    '4-declared.mts': `import { DataTypes } from 'sequelize'; import { migration } from 'sequelize-live-migrations';
      export default ${declared('import.meta.filename')}`,
    '5-declared.cts': `const { DataTypes } = require('sequelize'); const { migration } = require('sequelize-live-migrations');
      module.exports = ${declared('__filename')}`,
    // Found out when it runs: its module is loaded a second time, with its state as at first.
    '6-vacuum.mts': `let runs: number = 0; const word: string = 'VAC' + 'UUM';
      export const up = async (q: any): Promise<void> => {
        runs += 1; if (runs > 1) throw new Error('It has state.');
        await q.addColumn(${TABLE}, 'last', 'integer'); await q.sequelize.query(word + ' toys'); };
      export const down = async (q: any): Promise<void> => { await q.removeColumn(${TABLE}, 'last'); };`,
  });
  writeMigration(root, '../package.json', manifest);
  writeMigration(root, '../config/package.json', '{ "type": "commonjs" }');
  return root;
}

itWhereStripped.each(['{}', '{ "type": "module" }'])(
  'are run and undone as they are, in a project with the package.json %s, under the names of their files',
  async (manifest) => {
    const { succeed } = typedIn(projectOf(manifest));
    await succeed('db:migrate', database.url);
    expect(await schemaOf(database)).toEqual(
      expect.arrayContaining(['size', 'more', 'last'].map((name) => `toys ${name} integer`)),
    );
    expect(await schemaOf(database)).toContain('toys declared text');
    const names = [
      '1-toys.ts',
      '2-size.cts',
      '3-more.mts',
      '4-declared.mts',
      '5-declared.cts',
      '6-vacuum.mts',
    ];
    expect(await recordsOf(database)).toEqual(names);
    const { stdout } = await succeed('db:migrate:status', database.url);
    expect(stdout.match(/^up .*/gm)).toEqual(names.map((name) => `up ${name}`));
    await succeed('db:migrate:undo:all', database.url);
    expect(await recordsOf(database)).toEqual([]);
  },
);

itWhereStripped.each([
  [
    'an enum',
    '{}',
    'enum Size { S } export const up = async (): Promise<void> => {};',
    /enum.* Node\.js only leaves types out: write it without that, or "typescript" in \.sequelizerc/,
  ],
  [
    'CommonJS in a project of ES modules',
    '{ "type": "module" }',
    "const { DataTypes } = require('sequelize'); exports.up = async (): Promise<void> => {};",
    /ES module scope.* write \{ "type": "commonjs" \} into migrations\/package\.json/,
  ],
  [
    'an ES module in a project of CommonJS',
    '{ "type": "commonjs" }',
    'export const up = async (): Promise<void> => {};',
    /Unexpected token 'export'.* Node\.js takes it for CommonJS: have its name end in \.mts, or write module\.exports/,
  ],
])('what Node.js cannot run so is said, and nothing is done: %s', async (_, manifest, text, message) => {
  const root = plainProject({ '1-toys.ts': text });
  writeMigration(root, '../package.json', manifest);
  writeMigration(root, '../config/package.json', '{ "type": "commonjs" }');
  const { code, stderr } = await typedIn(root).sequelizeCli('db:migrate', database.url);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
  expect(stderr).toContain('Nothing was changed');
  expect(stderr).not.toContain('from 22.18 on');
});

it('another Node.js says which one runs them', async () => {
  const cwd = plainProject({
    '1-toys.ts': 'enum Size { S } export const up = async (q: unknown): Promise<void> => {};',
  });
  const { code, stderr } = await typedIn(cwd).sequelizeCli('db:migrate', database.url);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(isStripped ? 'Node.js only leaves types out' : 'by itself from 22.18 on'),
  });
});
