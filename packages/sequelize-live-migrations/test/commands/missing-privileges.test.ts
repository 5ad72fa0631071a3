import { type } from '../support/cli';
import { createDatabase, createRole, dropDatabases, type Role } from '../support/database';
import { migrate } from '../support/migrator';
import { noticesAfter } from '../support/notices';
import { SCHEMA } from '../support/schema';

afterAll(() => dropDatabases());

const noticeOf = (
  { name }: Role,
  privileges: string,
  kind: string,
  object: string,
  whole = 'most of the tables',
) =>
  `NOTICE: role ${name} lacks ${privileges} on ${kind} ${object}, and may use ${whole}: ` +
  `GRANT ${privileges} ON ${kind === 'sequence' ? 'SEQUENCE ' : ''}${object} TO "${name}".`;

it.each([
  [
    'everything on one of three',
    `GRANT SELECT, INSERT ON pets, toys TO $app; GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO $app`,
    'INSERT, SELECT',
    'visits',
  ],
  [
    'one privilege on one',
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${SCHEMA} TO $app; GRANT DELETE ON pets, visits TO $app`,
    'DELETE',
    'toys',
  ],
])('a role that lacks %s is named, with the GRANT', async (_, sql, privileges, table) => {
  const { app, notices } = await noticesAfter(sql);
  expect(notices).toEqual([noticeOf(app, privileges, 'table', table)]);
});

it('a role that may insert and not use the sequence of the key is named, with the GRANT', async () => {
  const { app, notices } = await noticesAfter(
    `GRANT INSERT ON ALL TABLES IN SCHEMA ${SCHEMA} TO $app; GRANT USAGE ON SEQUENCE pets_id_seq, toys_id_seq TO $app;
     CREATE TABLE visits_2 (id int GENERATED ALWAYS AS IDENTITY); GRANT INSERT ON visits_2 TO $app`,
  );
  expect(notices).toEqual([noticeOf(app, 'USAGE', 'sequence', 'visits_id_seq', 'the table')]);
});

it.each([
  ['the same on all', 'GRANT SELECT ON pets, toys, visits TO $app'],
  ['some columns of one', 'GRANT SELECT ON pets, toys TO $app; GRANT SELECT (name) ON visits TO $app'],
])('nothing is said of a role that has %s', async (_, sql) => {
  expect((await noticesAfter(sql)).notices).toEqual([]);
});

it('check prints the notice of a table that was created later, and its exit code is 0', async () => {
  const [database, app] = [await createDatabase(), await createRole('app')];
  await migrate(database, (umzug) => umzug.up({ to: '20250201-add-kind-to-pets.js' }));
  await database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${app.name}`);
  await migrate(database, (umzug) => umzug.up());
  const { code, stdout } = await type('check', database.url);
  await database.query(`DROP OWNED BY ${app.name}`);
  expect({ code, line: stdout.split('\n')[0] }).toEqual({
    code: 0,
    line: noticeOf(app, 'SELECT', 'table', 'toys'),
  });
  expect(stdout).toContain('matches the 2 models');
});
