import path from 'node:path';
import { run } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { NAME, plainProject, upAndDown } from '../support/plain-project';
import { schemaOf } from '../support/schema';
import { closeSessions } from '../support/session';

// plan --run-plain waits for locks as a run does, and what is typed is a script and nothing else.

const BIN = path.join(__dirname, '../../bin.js');
const CREATE = "await q.createTable('pets', { id: { type: S.INTEGER, primaryKey: true } });";

afterEach(() => closeSessions());
afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

describe('typed', () => {
  const typed = (up: string) =>
    run(process.execPath, [BIN, 'plan', '--run-plain'], {
      cwd: plainProject({ [NAME]: upAndDown(up) }),
      env: { DATABASE_URL: database.url },
    });

  it.each<[string, string, RegExp]>([
    [
      'a promise that is rejected and that nobody has',
      `${CREATE} sql('SELECT nonsense');`,
      /It fails: column "nonsense" does not/,
    ],
    [
      'a declared migration that it calls',
      "await require('sequelize-live-migrations').migration('x', { up(schema) { schema.sql({ up: 'SELECT 1' }); } }).up(q);",
      /It was not run: it calls a declared migration, .*, and what cannot be in a transaction cannot be rolled back\./,
    ],
    [
      'what it prints is not in the script',
      `${CREATE} console.log('printed');`,
      /^(?![^]*printed)[^]*CREATE TABLE/,
    ],
  ])('%s', async (_, up, expected) => {
    const { code, stdout } = await typed(up);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(expected) });
    expect(await schemaOf(database)).toEqual([]);
  });

  it('a promise that never settles is an error, and no empty script', async () => {
    const { code, stdout, stderr } = await typed(`${CREATE} await new Promise(() => {});`);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('never settles'),
    });
    expect(await schemaOf(database)).toEqual([]);
  });
});
