import fs from 'node:fs';
import path from 'node:path';
import { run, type Run } from './support/cli';
import { createDatabase, dropDatabases } from './support/database';
import { MIGRATIONS } from './support/migrations';
import { copyProject, removeCopies } from './support/project';
import { recordsOf } from './support/schema';
import { isInOtherSchema } from './support/schema-name';
import { serverUrl } from './support/server';
import { numberFrom } from './support/soak';

// A migration that is added by the README's steps leaves every test green: shown in a copy of this checkout, with a
// column and its model, a table with a foreign key and an index, and a plain Sequelize migration.

/**
 * Of the tests that go by the set of migrations, or by what the models declare: by file, one or two of each kind. The
 * soak runs all tests.
 */
const AFFECTED: Readonly<Record<string, string>> = {
  'migrations/databases': '3-created-by-sequelize-sync',
  'migrations/stock': 'run forwards and back',
  'cli/commands': 'lists what is up|ends in .ts',
  'cli/db-check': 'matches the models',
  'cli/db-diagram': 'the diagram in the documents',
  'reference-readme': 'npx sequelize-cli db:migrate:undo:all',
  models: 'is created with its defaults|gets its',
  'add-score-to-sections': 'can be undone and done again',
  'create-reviews': 'can be undone and done again',
};

const ALL_OTHERS = ['--testPathIgnorePatterns', 'next-migration'];

let checkout: string;

/** All tests, in the soak, and not only those that are affected. */
const IS_SOAK = numberFrom('SOAK_NEXT_MIGRATION', 0) > 0;

beforeAll(() => {
  checkout = copyProject({
    with: [
      ...['backend/test', 'backend/bench', 'backend/docs', 'packages/sequelize-live-migrations/test'],
      ...['.dependency-cruiser.cjs', '.env.example', 'eslint.config.mjs', 'jest.config.ts', 'README.md'],
      ...(IS_SOAK
        ? ['packages', 'CONTRIBUTING.md', '.ci', '.github', '.gitignore', 'package-lock.json']
        : []),
    ],
  });
});

afterAll(() => dropDatabases());
afterAll(removeCopies);

/** Where the tests of the copy run: on the server of these, or on one of their own, if all of it has another schema. */
const TESTS = isInOtherSchema() ? { TESTS_IN: 'schema' } : { TEST_DATABASE_URL: serverUrl() };

async function inCheckout(script: string, args: readonly string[], url = ''): Promise<Run> {
  const result = await run(process.execPath, [path.join(checkout, 'node_modules', script), ...args], {
    cwd: checkout,
    env: { DATABASE_URL: url, ...TESTS },
  });
  if (result.code !== 0)
    throw new Error(`${script} ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
  return result;
}

const sequelizeCli = (line: string, url?: string) =>
  inCheckout('sequelize-cli/lib/sequelize', line.split(' '), url);

/** Types `migration:generate`; the path of the migration that it has written. */
async function generate(name: string): Promise<string> {
  const { stdout } = await sequelizeCli(`migration:generate --name ${name}`, serverUrl());
  return /^New file: (backend\/src\/\S+)$/m.exec(stdout)?.[1] ?? '';
}

function edit(file: string, change: (text: string) => string): void {
  const target = path.join(checkout, file);
  const before = fs.readFileSync(target, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  fs.writeFileSync(target, after);
}

const PLAIN = `import type { QueryInterface } from 'sequelize';

// The reviews that are looked at most. Locks: SHARE on reviews while the index is built.
export async function up(queryInterface: QueryInterface): Promise<void> {
  await queryInterface.addIndex('reviews', ['session_id'], { name: 'reviews_first', where: { id: 1 } });
}

export async function down(queryInterface: QueryInterface): Promise<void> {
  await queryInterface.removeIndex('reviews', 'reviews_first');
}
`;

/** The steps of the README, for each of the three; gives the files that were written. */
async function addMigrations(): Promise<string[]> {
  edit('backend/src/models/section.ts', (text) =>
    text
      .replace('declare version:', 'declare score: CreationOptional<string | null>;\n  declare version:')
      .replace('      version: {', '      score: { type: DataTypes.TEXT },\n      version: {'),
  );
  const column = await generate('add-score-to-sections');
  const generated = fs.readFileSync(path.join(checkout, column), 'utf8');
  expect(generated).toContain("schema.addColumn('sections', 'score', { type: DataTypes.TEXT });");
  const table = await generate('create-reviews');
  edit(table, (text) =>
    text.replace(
      '    });\n',
      `      session_id: {
        type: DataTypes.UUID,
        allowNull: false,
        references: { model: 'user_sessions', key: 'session_id' },
        onDelete: 'CASCADE',
      },
    });
    schema.addIndex('reviews', ['session_id']);\n`,
    ),
  );
  const plain = table.replace(
    /\d{14}-create-reviews/,
    (name) => `${Number(name.slice(0, 14)) + 1}-index-reviews`,
  );
  fs.writeFileSync(path.join(checkout, plain), PLAIN);
  return [column, table, plain];
}

it('three migrations added by the steps of the README leave the tests green', async () => {
  const added = await addMigrations();
  const database = await createDatabase();
  await sequelizeCli('db:migrate', database.url);
  expect(await recordsOf(database)).toEqual([
    ...MIGRATIONS,
    ...added.map((file) => path.basename(file).replace(/\.ts$/, '.js')),
  ]);
  const command = 'sequelize-live-migrations/bin.js';
  await inCheckout(command, ['diagram', 'backend/docs/schema.md'], database.url);
  await inCheckout(command, ['check'], database.url);

  const files = Object.keys(AFFECTED).map((name) => `backend/test/.*${name}`);
  const some = ['--testNamePattern', Object.values(AFFECTED).join('|'), ...files];
  const { stderr } = await inCheckout('jest/bin/jest.js', ['--runInBand', ...(IS_SOAK ? ALL_OTHERS : some)]);
  expect(stderr).not.toContain('failed');
  expect(stderr.match(/^PASS /gm)?.length).toBeGreaterThanOrEqual(files.length);
}, 3_600_000);
