import fs from 'node:fs';
import path from 'node:path';
import { createTestDatabase } from 'sequelize-live-migrations/testing';
import { run } from '../support/cli';
import { copyFixture, MIGRATIONS } from '../support/fixture-project';
import { argumentsFor } from '../support/kit-process';
import { recordsOf } from '../support/schema';
import { serverUrl } from '../support/server';
import { nameIn } from '../support/urls';
import { openSession } from '../support/session';
import { createMigratedDatabase, present, useKitRun } from '../support/kit-run';

// The kit in processes of their own, beside a run that this test file begins.

useKitRun();

it('a database is migrated, empty, and nobody else’s', async () => {
  const [one, other] = [await createMigratedDatabase(), await createMigratedDatabase()];
  expect(await recordsOf(one)).toEqual(MIGRATIONS);
  await one.query("INSERT INTO pets (name) VALUES ('mine')");
  expect(await other.query('SELECT FROM pets')).toEqual([]);
});

it('is dropped when told so, once or twice, also from under open connections', async () => {
  const database = await createMigratedDatabase();
  await openSession(database);
  await Promise.all([database.drop(), database.drop()]);
  expect(await present(nameIn(database.url))).toEqual([]);
});

it('outside a run, the message names the settings of Jest that make one', () => {
  const { env } = process;
  process.env = {};
  try {
    const message = /globalSetup has to be sequelize-live-migrations\/testing\/jest-setup/;
    expect(() => createTestDatabase()).toThrow(message);
  } finally {
    process.env = env;
  }
});

it('a wrong TEST_DATABASE_URL is said so, where Jest prints the stack of the error', async () => {
  const wrong = 'postgres://ann:geheim@localhost:1/pets';
  const env = { NODE_ENV: 'test', TEST_DATABASE_URL: wrong };
  const setUp = "require('sequelize-live-migrations/testing/jest-setup').default({ rootDir: process.cwd() })";
  const script = `${setUp}.catch((error) => console.log(error.stack))`;
  const { stdout } = await run(process.execPath, ['-e', script], { env });
  expect(stdout).toMatch(/^Error: connect ECONNREFUSED .* at localhost:1\. .* correct TEST_DATABASE_URL\.\n/);
  expect(stdout).not.toContain('geheim');
});

it('a project without migrations is said so, as db:migrate says it', async () => {
  const cwd = copyFixture();
  fs.rmSync(path.join(cwd, 'migrations'), { recursive: true });
  const { stderr } = await run(process.execPath, argumentsFor('end', serverUrl()), { cwd });
  expect(stderr).toContain('ERROR: There is no folder migrations, which .sequelizerc names.');
});
