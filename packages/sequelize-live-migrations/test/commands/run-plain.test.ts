import fs from 'node:fs';
import path from 'node:path';
import { plan } from '../../src/commands/plan';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';
import { planOf } from '../support/plan-of';
import { runScript } from '../support/psql';
import { CREATE, scriptOfFailure, partOf, scriptOf } from '../support/run-plain';
import { recordsOf, SCHEMA } from '../support/schema';

// plan --run-plain: what plain migrations send, found out by running them in a transaction that is rolled back.

afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

it('prints what each sends, on what those before it leave, and leaves nothing behind', async () => {
  const script = await scriptOf(database, {
    '1-pets.js': upAndDown(`${CREATE} await q.bulkInsert('pets', [{ id: 1 }]);`),
    '2-name.js': upAndDown(`await q.addColumn(table('pets'), 'name', S.TEXT);
      await sql('UPDATE pets SET name = $1\\nWHERE id = $2', { bind: ['Rex', 1] });
      if ((await sql("SELECT name FROM pets"))[0][0].name !== 'Rex') throw new Error('It is not there.');`),
    '3-nothing.js': upAndDown(''),
  });
  expect(partOf(script, '1-pets.js')).toMatch(
    /-- It was run on this database, and rolled back\. It sends:\n-- {3}CREATE TABLE IF NOT EXISTS "pets" .*\n-- {3}INSERT INTO "pets" \("id"\) VALUES \(1\);\n/,
  );
  expect(partOf(script, '2-name.js')).toMatch(
    new RegExp(
      String.raw`-- It was run on this database, after the plain ones before it, and rolled back\. It sends:\n-- {3}ALTER TABLE "${SCHEMA}"\."pets" ADD COLUMN "name" TEXT;\n-- {3}UPDATE pets SET name = \$1\n-- {3}WHERE id = \$2;\n-- {5}with \["Rex",1\]\n`,
    ),
  );
  expect(partOf(script, '3-nothing.js')).toContain('and rolled back. It sends nothing.\n');
  // For psql, all of that are comments, and it stops where the first of them has to be run.
  await expect(runScript(database, script)).rejects.toThrow('db:migrate --to 1-pets.js');
});

it('runs nothing unless it is asked to, and says what to type for that', async () => {
  const file = path.join(plainProject({}), 'written');
  const root = plainProject({
    [NAME]: upAndDown(`require('fs').writeFileSync(${JSON.stringify(file)}, '');`),
  });
  expect(await planOf(root, database)).toContain(
    '-- With --run-plain it is run in a transaction that is rolled back',
  );
  expect(fs.existsSync(file)).toBe(false);
  await planOf(root, database, '--run-plain');
  expect(fs.existsSync(file)).toBe(true);
});

it('--undo has what is sent when the last one is undone', async () => {
  const root = plainProject({ [NAME]: upAndDown(CREATE, "await q.dropTable('pets');") });
  await migrateUp(root, database);
  for (const args of [
    ['--undo', '--run-plain'],
    ['--run-plain', '--undo', NAME],
  ])
    expect(await planOf(root, database, ...args)).toContain('--   DROP TABLE IF EXISTS "pets";\n');
  expect(await recordsOf(database)).toEqual([NAME]);
});

describe('what cannot be in a transaction is not run, and the others are', () => {
  it.each<[string, string, string]>([
    ['by its text', "await q.addIndex('pets', ['id'], { concurrently: true });", ''],
    ['by what it says', "await sql('SELECT 1');", 'module.exports.transaction = false;'],
    ['by what it sends', `await sql('CREATE INDEX CONC' + 'URRENTLY i ON pets (id)').catch(() => {});`, ''],
    ['by a commit', "await sql('INSERT INTO pets VALUES (7); COMMIT; BEGIN');", ''],
  ])('%s', async (_, up, more) => {
    const script = await scriptOf(database, {
      '1-pets.js': upAndDown(CREATE),
      '2-out.js': upAndDown(up) + more,
      '3-name.js': upAndDown("await q.addColumn(table('pets'), 'name', S.TEXT);"),
    });
    expect(partOf(script, '2-out.js')).toMatch(
      /-- It was not run: .*what cannot be in a transaction cannot be rolled back\.\n/,
    );
    expect(partOf(script, '3-name.js')).toContain('ADD COLUMN "name" TEXT;\n');
    expect(partOf(script, '1-pets.js').match(/CREATE TABLE/g)).toHaveLength(1);
  });

  it('a value of an enum that one before it adds: that has to be run first, and the others are run', async () => {
    await database.query("CREATE TYPE kind AS ENUM ('a'); CREATE TABLE pets (kind kind)");
    const script = await scriptOf(database, {
      '1-value.js': upAndDown('await sql("ALTER TYPE kind ADD VALUE \'b\'");'),
      '2-use.js': upAndDown('await sql("INSERT INTO pets VALUES (\'b\')");'),
      '3-last.js': upAndDown("await q.addColumn(table('pets'), 'name', S.TEXT);"),
    });
    expect(partOf(script, '2-use.js')).toMatch(
      /-- It was not run: unsafe use of new value "b" .*, npx sequelize-cli db:migrate --to 1-value\.js\.\n/,
    );
    expect(partOf(script, '3-last.js')).toContain('ADD COLUMN "name" TEXT;\n');
  });
});

describe('as when it is run', () => {
  it('an error that it catches is printed, and takes nothing else with it', async () => {
    const part = partOf(
      await scriptOf(database, {
        [NAME]:
          upAndDown(`${CREATE} await sql('SELECT nonsense').catch(() => {}); await sql('SELEKT').catch(() => {});
          await q.bulkInsert('pets', [{ id: 1 }]);`),
      }),
      NAME,
    );
    expect(part).toContain('--   SELECT nonsense;\n--     fails: column "nonsense" does not exist\n');
    expect(part).toContain(
      '--   SELEKT;\n--     fails: syntax error at or near "SELEKT"\n--   INSERT INTO "pets"',
    );
    expect(part).not.toContain('It fails');
  });

  it.each<[string, string, string]>([
    ['a statement', "await sql('SELECT nonsense');", 'column "nonsense" does not exist'],
  ])(
    'a failure is printed, with what it has sent, and those after it are not run: %s',
    async (_, up, message) => {
      const script = await scriptOfFailure(database, up, message);
      expect(partOf(script, '3-name.js')).toContain('-- It was not run: 2-fails.js, before it, fails.\n');
    },
  );
});

it.each([[['--run-plain', '--run-plain']], [['--run-plain', 'name']], [['--run-plan']]])(
  '%j is not taken for something else',
  (args) => {
    expect(plan.accepts(args)).toBe(false);
  },
);
