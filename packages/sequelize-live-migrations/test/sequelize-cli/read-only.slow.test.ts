import { sequelizeCli, type } from '../support/cli';
import { createDatabase, createRole, dropDatabases, urlFor } from '../support/database';
import { migrate } from '../support/migrator';
import { startOwnServer, stopOwnServers } from '../support/own-server';

afterAll(stopOwnServers);
afterAll(() => dropDatabases());

/** The commands that write, and those that plan in temporary tables. */
const COMMANDS = [
  'db:migrate',
  'db:migrate:undo',
  'db:migrate:undo:all',
  'db:migrate:schema:timestamps:add',
  'db:seed:all',
  'db:seed:undo:all',
  'plan',
  'check',
  'purge',
];

/** What the commands say on a database on which each has to be refused, without repetitions. */
async function refusals(url: string): Promise<string[]> {
  const said = new Set<string>();
  for (const command of COMMANDS) {
    const { code, stderr } = await type(command, url);
    expect({ command, code }).toEqual({ command, code: 1 });
    said.add(stderr);
  }
  return [...said];
}

it('on a standby every command that needs to write says so in the same line, and db:migrate:status works, and says so too', async () => {
  const server = await startOwnServer();
  const { url: standby } = server;
  await migrate({ url: standby }, (umzug) => umzug.up());
  await server.becomeStandby();
  expect(await refusals(standby)).toEqual([
    expect.stringMatching(
      /^ERROR: The server at \S+ is a standby, [^\n]* Nothing was done\. Name the primary [^\n]*\n$/,
    ),
  ]);
  const { code, stdout, stderr } = await type('db:migrate:status', standby);
  expect(code).toBe(0);
  expect(stdout.match(/^up /gm)).toHaveLength(3);
  expect(stderr).toMatch(/^WARNING: The server at \S+ is a standby: [^\n]*\n$/);
  const generated = await sequelizeCli('migration:generate --name nothing --check', standby);
  expect(generated).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is a standby, which accepts no writes'),
  });
  for (const command of ['db:create', 'db:drop'])
    expect(await type(command, standby)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is a standby, which accepts no writes. Nothing was done.'),
    });
});

describe('where transactions are read-only', () => {
  const LINE = /^ERROR: The user \S+ may only read in database \S+ at [^\n]* Nothing was done\. [^\n]*\n$/;

  it('every command that needs to write says so in the same line, and db:migrate:status works', async () => {
    const database = await createDatabase();
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const said = await refusals(database.url);
    expect(said).toEqual([expect.stringMatching(LINE)]);
    expect(said[0]).toContain(`ALTER DATABASE "${name}" RESET default_transaction_read_only`);
    expect((await type('db:migrate:status', database.url)).code).toBe(0);
  });

  it.each([
    ['a role', '', (role: string) => `ALTER ROLE "${role}" RESET`],
    [
      'a role in a database',
      'IN DATABASE',
      (role: string, name: string) => `ALTER ROLE "${role}" IN DATABASE "${name}" RESET`,
    ],
  ])('the message has the statement that ends it: set for %s', async (_, where, expected) => {
    const database = await createDatabase();
    const name = new URL(database.url).pathname.slice(1);
    const reader = await createRole('reader');
    const scope = where === '' ? '' : `${where} ${name}`;
    await database.query(`ALTER ROLE ${reader.name} ${scope} SET default_transaction_read_only = on`);
    const { code, stderr } = await type('db:migrate', urlFor(reader, database.url));
    expect(code).toBe(1);
    expect(stderr).toMatch(LINE);
    expect(stderr).toContain(`${expected(reader.name, name)} default_transaction_read_only`);
  });
});
