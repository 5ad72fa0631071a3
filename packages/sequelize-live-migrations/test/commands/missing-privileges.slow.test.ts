import { type } from '../support/cli';
import { createDatabase, createRole, dropDatabases, urlFor } from '../support/database';
import { migrate } from '../support/migrator';
import { noticesAfter } from '../support/notices';

// More of these are in missing-privileges.test.ts.

afterAll(() => dropDatabases());

it.each([
  ['nothing', ''],
  ['something on one of three only', 'GRANT SELECT ON pets TO $app'],
  ['it from PUBLIC', 'GRANT SELECT ON pets, toys TO $app; GRANT SELECT ON visits TO PUBLIC'],
  [
    'the tables themselves',
    'ALTER TABLE pets OWNER TO $app; ALTER TABLE toys OWNER TO $app; ALTER TABLE visits OWNER TO $app',
  ],
])('nothing is said of a role that has %s', async (_, sql) => {
  expect((await noticesAfter(sql)).notices).toEqual([]);
});

it('of a role that may not read the log, check says which right is enough for that, and none that it does not need', async () => {
  const [database, reader] = [await createDatabase(), await createRole('reader')];
  await migrate(database, (umzug) => umzug.up());
  const { code, stdout } = await type('check', urlFor(reader, database.url));
  expect({ code, line: stdout.split('\n')[0] }).toEqual({
    code: 0,
    line:
      'The migration log cannot be read, so it was not compared whether anybody has changed what only migrations ' +
      'declare: permission denied for table SequelizeMeta. To read it, GRANT SELECT is enough.',
  });
});
