import fs from 'node:fs';
import path from 'node:path';
import { sequelizeCli, succeed } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { copyFixture, MIGRATIONS, removeCopies } from '../support/fixture-project';
import { SCHEMA, recordsOf, schemaOf } from '../support/schema';

// The folders that are typed in place of those in .sequelizerc, and the current folder.

afterAll(removeCopies);
afterAll(() => dropDatabases());

const CATS = '20250401-create-cats.js';

/** A project with a second folder of migrations, and a second one of seeders. */
function projectWithOthers(): string {
  const root = copyFixture();
  for (const folder of ['other/migrations', 'other/seeders'])
    fs.mkdirSync(path.join(root, folder), { recursive: true });
  const pets = fs.readFileSync(path.join(root, 'migrations', '20250101-create-pets.js'), 'utf8');
  fs.writeFileSync(path.join(root, 'other/migrations', CATS), pets.replaceAll("'pets'", "'cats'"));
  fs.writeFileSync(
    path.join(root, 'other/seeders/20250501-one-cat.js'),
    `exports.up = ({ sequelize }) => sequelize.query("INSERT INTO cats (name) VALUES ('Mia')");`,
  );
  return root;
}

it.each(['--migrationsPath=./other/migrations/', '--migrations-path'])(
  'of %s the migrations run once, and are listed, refused by name and undone like those of .sequelizerc',
  async (option) => {
    const [cwd, database] = [projectWithOthers(), await createDatabase()];
    const typed = option.endsWith('path') ? `${option} ${path.join(cwd, 'other/migrations')}` : option;
    const { stdout } = await succeed(`db:migrate ${typed}`, database.url, { cwd });
    expect(stdout).toContain('20250401-create-cats: migrated');
    expect(await recordsOf(database)).toEqual([CATS]);
    const again = await succeed(`db:migrate ${typed}`, database.url, { cwd });
    expect(again.stdout).toContain('database schema was already up to date');
    const status = await succeed(`db:migrate:status ${typed}`, database.url, { cwd });
    expect(status.stdout).toMatch(/^up 20250401-create-cats\.js$/m);
    const unknown = await sequelizeCli(`db:migrate:undo ${typed} --to 20250101-create-pets`, database.url, {
      cwd,
    });
    expect(unknown.stderr).toContain('There is no migration 20250101-create-pets in this checkout');
    await succeed(`${typed} db:migrate:undo --to 20250401-create-cats`, database.url, { cwd });
    expect(await recordsOf(database)).toEqual([]);
    expect((await schemaOf(database)).filter((line) => line.includes('cats'))).toEqual([]);
  },
);

it('of both folders the migrations have one log, in which neither runs or undoes those of the other', async () => {
  const [cwd, database] = [projectWithOthers(), await createDatabase()];
  await succeed('db:migrate', database.url, { cwd });
  await succeed('db:migrate --migrations-path other/migrations', database.url, { cwd });
  expect(await recordsOf(database)).toEqual([...MIGRATIONS, CATS]);
  const again = await succeed('db:migrate', database.url, { cwd });
  expect(again.stderr).toContain(`that this checkout does not have: ${CATS}`);
  await succeed('db:migrate:undo --migrations-path other/migrations', database.url, { cwd });
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});

it('the seeders of --seeders-path are run, also where .sequelizerc names a folder that is not there', async () => {
  const [cwd, database] = [projectWithOthers(), await createDatabase()];
  fs.rmSync(path.join(cwd, 'seeders'), { recursive: true });
  await succeed('db:migrate --migrations-path other/migrations', database.url, { cwd });
  await succeed('db:seed:all --seeders-path other/seeders', database.url, { cwd });
  expect(await database.query('SELECT name FROM cats')).toEqual([{ name: 'Mia' }]);
});

it('with --options-path a command may be typed in another folder, from which the paths are then', async () => {
  const [root, database] = [projectWithOthers(), await createDatabase()];
  const cwd = path.join(root, 'other');
  const options = '--options-path ../.sequelizerc';
  await succeed(`db:migrate ${options}`, database.url, { cwd });
  await succeed(`db:migrate --migrations-path migrations ${options}`, database.url, { cwd });
  expect(await recordsOf(database)).toEqual([...MIGRATIONS, CATS]);
  await succeed(`db:migrate:undo --to 20250301-create-toys ${options}`, database.url, { cwd });
  expect(await recordsOf(database)).not.toContain('20250301-create-toys.js');
});

describe('db:migrate:schema:timestamps:add', () => {
  const ADD = 'db:migrate:schema:timestamps:add';

  it('adds the columns to the log, which goes on being read and written', async () => {
    const database = await createDatabase();
    await succeed('db:migrate --to 20250201-add-kind-to-pets', database.url);
    const added = await succeed(ADD, database.url);
    expect(added.stdout).toContain('Successfully added timestamps to MetaTable.');
    const again = await succeed(ADD, database.url);
    expect(again.stdout).toContain('MetaTable already has timestamps.');
    await succeed('db:migrate', database.url);
    expect(
      await database.query('SELECT FROM "SequelizeMeta" WHERE "createdAt" <= now() AND "updatedAt" <= now()'),
    ).toHaveLength(3);
    expect(await schemaOf(database)).toContain(
      '"SequelizeMeta" createdAt timestamp with time zone not null default now()',
    );
    await succeed('db:migrate:undo', database.url);
    expect(await recordsOf(database)).toEqual(MIGRATIONS.slice(0, 2));
  });

  it('says that there is no log yet, where there is none', async () => {
    const database = await createDatabase();
    const { code, stderr } = await sequelizeCli(ADD, database.url);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        String.raw`^ERROR: There is no migration log "${SCHEMA}"\."SequelizeMeta" in database \w+ yet\. .*\n$`,
      ),
    );
    expect(await schemaOf(database)).toEqual([]);
  });
});
