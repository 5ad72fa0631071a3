import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Sequelize } from 'sequelize';
import Umzug from 'umzug';
import { ROOT } from '../support/build';
import { run } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { recordsOf, schemaOf } from '../support/schema';

// The migrations are ordinary Sequelize migrations: whoever runs them another way gets the same schema.

const COMPILED = path.join(ROOT, 'backend/dist/migrations');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-stock-'));

beforeAll(() => {
  jest.spyOn(console, 'log').mockImplementation(); // umzug runs in this process, and so does its output
});

afterAll(() => dropDatabases());
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** sequelize-cli in a folder without our `.sequelizerc`, so without our config and storage. */
function stockCli(command: string, { url }: TestDatabase) {
  const cli = path.join(ROOT, 'node_modules/sequelize-cli/lib/sequelize');
  return run(process.execPath, [cli, command, '--url', url, '--migrations-path', COMPILED], {
    cwd: folder,
  });
}

async function withUmzug(database: TestDatabase, work: (umzug: Umzug.Umzug) => Promise<unknown>) {
  const sequelize = new Sequelize(database.url, { logging: false });
  const params = [sequelize.getQueryInterface(), Sequelize];
  await work(
    new Umzug({
      storage: 'sequelize',
      storageOptions: { sequelize },
      migrations: { path: COMPILED, params, pattern: /\.js$/ },
    }),
  );
  await sequelize.close();
}

it('run forwards and back under stock sequelize-cli and under umzug, to the same schemas', async () => {
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const [byCli, byUmzug] = [await createDatabase(), await createDatabase()];

  expect(await stockCli('db:migrate', byCli)).toMatchObject({ code: 0, stderr: '' });
  await withUmzug(byUmzug, (umzug) => umzug.up());
  expect(await recordsOf(byCli)).toEqual(MIGRATIONS);
  expect(await recordsOf(byUmzug)).toEqual(await recordsOf(byCli));
  const schema = await schemaOf(byCli);
  expect(schema).toContain('sections version integer not null default 1');
  expect(await schemaOf(byUmzug)).toEqual(schema);

  expect(await stockCli('db:migrate:undo:all', byCli)).toMatchObject({ code: 0, stderr: '' });
  await withUmzug(byUmzug, (umzug) => umzug.down({ to: 0 }));
  const left = await schemaOf(byCli);
  expect(left.every((line) => line.includes('SequelizeMeta'))).toBe(true);
  expect(await schemaOf(byUmzug)).toEqual(left);
});
