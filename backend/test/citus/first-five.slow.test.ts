import path from 'node:path';
import { ROOT } from '../support/build';
import { createInLayout, describeWithCitus, LAYOUTS, type Layout, urlsOnWorkers } from '../support/citus';
import { run, sequelizeCli } from '../support/cli';
import { dropDatabases, type TestDatabase } from '../support/database';
import { FIRST_FIVE, FIRST_FIVE_PROJECT, migrate } from '../support/first-five';
import { runScript } from '../support/psql';
import { recordsOf, schemaOf } from '../support/schema';

jest.setTimeout(600_000);
afterEach(() => dropDatabases());

const SESSION = '11111111-1111-4111-8111-111111111111';
/** With the tables as they are to be stored before the first migration. */
const PLANNED: readonly Layout[] = ['local', 'reference', 'schema', 'distributed after 0'];

const MESSAGES = 'conversation_messages';

/** The tables of the migrations, one line for each thing, and how Citus stores them. */
async function stateOf(database: TestDatabase) {
  const lines = (await schemaOf(database)).filter((line) =>
    /\b(user_sessions|sections|conversation_messages|enum_\w+)\b/.test(line),
  );
  const stored = await database.query(
    `SELECT logicalrelid::text AS table, partmethod::text AS method, column_to_column_name(logicalrelid, partkey) AS column
     FROM pg_dist_partition ORDER BY 1`,
  );
  return { lines, stored };
}

async function rowsOf(database: TestDatabase) {
  const rows: Record<string, unknown> = {};
  for (const table of ['user_sessions', 'sections', MESSAGES])
    rows[table] = await database.query(`SELECT * FROM ${table} ORDER BY 1, 2`);
  return rows;
}

const say = (database: TestDatabase, session = SESSION) =>
  database.query(
    `INSERT INTO ${MESSAGES} (session_id, role, content) VALUES ('${session}', 'user', 'Hello')`,
  );

/** Whether the messages of a session are deleted with it: a foreign key that Citus has accepted may do nothing. */
async function isCascading(database: TestDatabase): Promise<boolean> {
  const session = SESSION.replaceAll('1', '9');
  await database.query(`INSERT INTO user_sessions (session_id, project_name) VALUES ('${session}', 'to go')`);
  await say(database, session);
  await database.query(`DELETE FROM user_sessions WHERE session_id = '${session}'`);
  return (await database.query(`SELECT 1 FROM ${MESSAGES} WHERE session_id = '${session}'`)).length === 0;
}

/** `npm run db:plan` and `npm run db:check`, without npm. */
const command = (name: 'plan' | 'check', url: string, cwd = FIRST_FIVE_PROJECT) =>
  run(process.execPath, [path.join(ROOT, 'packages/sequelize-live-migrations/bin.js'), name], {
    env: { DATABASE_URL: url },
    cwd,
  });

describeWithCitus('the five migrations on Citus', () => {
  it.each(LAYOUTS)('%s: migrate, each undo, again; undo:all, again: nothing is lost', async (layout) => {
    const database = await createInLayout(layout);
    await migrate(database, (umzug) => umzug.up());
    const after = await stateOf(database);
    await say(database);
    await say(database);
    expect(await isCascading(database)).toBe(true);
    const rows = await rowsOf(database);
    for (const name of FIRST_FIVE.toReversed()) {
      await migrate(database, (umzug) => umzug.down(name));
      expect(await recordsOf(database)).not.toContain(name);
    }
    await migrate(database, (umzug) => umzug.up());
    expect({ ...(await stateOf(database)), rows: await rowsOf(database) }).toEqual({ ...after, rows });
    await migrate(database, (umzug) => umzug.down({ to: 0 }));
    expect(await recordsOf(database)).toEqual([]);
    await migrate(database, (umzug) => umzug.up());
    expect({ ...(await stateOf(database)), rows: await rowsOf(database) }).toEqual({ ...after, rows });
    expect(await isCascading(database)).toBe(true);
  });

  it.each<Layout>(['local', 'reference', 'schema', 'distributed after 0', 'distributed after 5'])(
    '%s: without rows, an undo drops what the migration has created, enum types included, and again',
    async (layout) => {
      const database = await createInLayout(layout);
      await migrate(database, (umzug) => umzug.up());
      const after = await stateOf(database);
      await database.query('DELETE FROM user_sessions');
      await migrate(database, (umzug) => umzug.down({ to: 0 }));
      const left = (await stateOf(database)).lines.filter((line) =>
        /undone|conversation|status|version/.test(line),
      );
      expect(left.filter((line) => !line.includes('completion_status'))).toEqual([]);
      await migrate(database, (umzug) => umzug.up());
      expect(await stateOf(database)).toEqual(after);
    },
  );

  it.each<Layout>([...PLANNED, 'distributed after 3', 'distributed after 5'])(
    '%s: the script of db:plan does what db:migrate does, and db:check and db:migrate:status agree',
    async (layout) => {
      const [planned, migrated] = [await createInLayout(layout), await createInLayout(layout)];
      const { code, stdout, stderr } = await command('plan', planned.url);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      await runScript(planned, stdout);
      await migrate(migrated, (umzug) => umzug.up());
      expect(await stateOf(planned)).toEqual(await stateOf(migrated));
      const status = await sequelizeCli('db:migrate:status', planned.url, { cwd: FIRST_FIVE_PROJECT });
      expect(status.stdout.match(/^up /gm)).toHaveLength(FIRST_FIVE.length);
      expect(await command('plan', planned.url)).toMatchObject({
        code: 0,
        stdout: expect.not.stringMatching(/BEGIN/),
      });
      expect(await command('check', planned.url, ROOT)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/matches the \d+ models/),
      });
    },
  );

  it.each(
    ['3-created-by-sequelize-sync', '4-migrated-by-the-javascript-files'].flatMap((dump) =>
      PLANNED.map((layout) => [dump, layout] as const),
    ),
  )('%s, %s: nulls are filled, and undo:all and again loses nothing', async (dump, layout) => {
    const database = await createInLayout(layout, dump);
    await migrate(database, (umzug) => umzug.up());
    const after = { ...(await stateOf(database)), rows: await rowsOf(database) };
    expect(await database.query(`SELECT 1 FROM ${MESSAGES} WHERE created_at IS NULL`)).toEqual([]);
    await migrate(database, (umzug) => umzug.down({ to: 0 }));
    await migrate(database, (umzug) => umzug.up());
    expect({ ...(await stateOf(database)), rows: await rowsOf(database) }).toEqual(after);
  });

  it('each command says of a worker that it is one, and does nothing', async () => {
    const database = await createInLayout('local');
    for (const url of await urlsOnWorkers(database)) {
      for (const line of ['db:migrate', 'db:migrate:status', 'db:migrate:undo:all']) {
        const { code, stdout, stderr } = await sequelizeCli(line, url, { cwd: FIRST_FIVE_PROJECT });
        expect({ line, code }).toEqual({ line, code: 1 });
        expect(stdout + stderr).toMatch(/is a worker of a Citus cluster.*Name the coordinator/s);
      }
      for (const name of ['plan', 'check'] as const)
        expect(await command(name, url, ROOT)).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/a worker of a Citus/),
        });
    }
  });
});
