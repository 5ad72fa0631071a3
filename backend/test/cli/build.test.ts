import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/build';
import { sequelizeCli } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { copyProject, linkModules, removeCopies } from '../support/project';
import { recordsOf, schemaOf } from '../support/schema';

const MIGRATION = 'backend/src/migrations/20250723-add-version-to-sections.ts';

const FOLDERS = ['backend', 'packages/sequelize-live-migrations', 'packages/checkout-postgres'];
const SOURCES = FOLDERS.map((folder) => `${folder}/src`);
const OUTPUTS = FOLDERS.map((folder) => `${folder}/dist`);

afterAll(removeCopies);
afterAll(() => dropDatabases());

function edit(project: string, file: string, change: (text: string) => string): void {
  const target = path.join(project, file);
  fs.writeFileSync(target, change(fs.readFileSync(target, 'utf8')));
}

describe('an edited migration', () => {
  it('is compiled by the next command, before it touches the database', async () => {
    const [project, database] = [copyProject(), await createDatabase()];
    edit(project, MIGRATION, (text) => text.replace('defaultValue: 1', 'defaultValue: 7'));
    const { code } = await sequelizeCli('db:migrate', database.url, { cwd: project });
    expect(code).toBe(0);
    expect(await schemaOf(database)).toContain('sections version integer not null default 7');
  });

  it('stops the command with the compiler’s message when it has a type error, the database untouched', async () => {
    const [project, database] = [copyProject(), await createDatabase()];
    edit(project, MIGRATION, (text) => text.replace('allowNull: false', "allowNull: 'no'"));
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd: project });
    expect(code).toBe(1);
    expect(stderr).toContain('ERROR: The TypeScript does not compile; the database was not touched.');
    expect(stderr).toMatch(/20250723-add-version-to-sections\.ts\(\d+,\d+\): error TS2322/);
    expect(await schemaOf(database)).toEqual([]);
  });

  it('leaves no compiled file behind when it is deleted', async () => {
    const [project, database] = [copyProject(), await createDatabase()];
    fs.rmSync(path.join(project, MIGRATION));
    const { code } = await sequelizeCli('db:migrate', database.url, { cwd: project });
    expect(code).toBe(0);
    expect(await recordsOf(database)).toHaveLength(MIGRATIONS.length - 1);
  });
});

describe('without the development dependencies', () => {
  /** node_modules as `npm ci --omit=dev` leaves it: what package.json's `dependencies` need, and no more. */
  function omitDevelopment(project: string): void {
    const lock: unknown = JSON.parse(fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
    const production = productionPackages(lock);
    linkModules(project, (name) => production.includes(name));
  }

  function productionPackages(lock: unknown): string[] {
    if (typeof lock !== 'object' || !lock || !('packages' in lock)) throw new Error('no package-lock.json');
    const isDevelopment = (entry: unknown) =>
      typeof entry === 'object' && entry !== null && ('dev' in entry || 'devOptional' in entry);
    return Object.entries(lock.packages ?? {}).flatMap(([name, entry]) =>
      /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name) && !isDevelopment(entry)
        ? [name.replace('node_modules/', '')]
        : [],
    );
  }

  it.each([
    ['after a build', []],
    ['in an image that holds only the compiled files', [...SOURCES, 'tsconfig.json', 'package.json']],
  ])('production migrates %s', async (_, without) => {
    const [project, database] = [copyProject({ without }), await createDatabase()];
    omitDevelopment(project);
    expect(fs.existsSync(path.join(project, 'node_modules/typescript'))).toBe(false);
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, {
      cwd: project,
      env: { NODE_ENV: 'production' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
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
    const project = copyProject({ without });
    omitDevelopment(project);
    const { code, stderr } = await sequelizeCli('db:migrate', 'postgres://nobody@127.0.0.1:1/none', {
      cwd: project,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('npm ci && npm run build');
  });

  it('a build that is older than the sources is not used', async () => {
    const project = copyProject();
    omitDevelopment(project);
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
