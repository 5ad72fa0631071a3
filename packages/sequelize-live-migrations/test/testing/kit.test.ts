import { createTestDatabase } from 'sequelize-live-migrations/testing';
import { MIGRATIONS } from '../support/fixture-project';
import { recordsOf } from '../support/schema';
import { nameIn } from '../support/urls';
import { openSession } from '../support/session';
import { createMigratedDatabase, present, useKitRun } from '../support/kit-run';

// The kit, in a run that this test file begins. In processes of their own: kit.slow.test.ts.

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
