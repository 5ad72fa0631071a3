import { type } from '../support/cli';
import { createDatabase, createRole, type Role, urlFor } from '../support/database';
import { migrate } from '../support/migrator';
import { usePlanner } from '../support/planner';
import { SCHEMA } from '../support/schema';

const planner = usePlanner();
let role: Role;

beforeAll(async () => {
  role = await createRole('maker');
});

afterEach(() => planner.database.query(`DROP OWNED BY ${role.name}`));

it('whose the migration log is, is said in the same words by each command that reads it', async () => {
  const [database, owner] = [await createDatabase(), await createRole('owner')];
  const name = new URL(database.url).pathname.slice(1);
  await database.query(
    `ALTER DATABASE ${name} OWNER TO ${owner.name}; GRANT CREATE ON SCHEMA ${SCHEMA} TO ${owner.name}`,
  );
  await migrate({ url: urlFor(owner, database.url) }, (umzug) => umzug.up());
  const said = new Set<string>();
  for (const command of ['db:migrate', 'db:migrate:status', 'db:migrate:undo', 'plan']) {
    const { code, stderr } = await type(command, urlFor(role, database.url));
    expect(code).toBe(1);
    said.add(stderr);
  }
  const line = [...said].join('');
  expect(said.size).toBe(1);
  expect(line).toMatch(/^ERROR: permission denied for table SequelizeMeta\. [^\n]*Nothing was changed\.\n$/);
  expect(line).toContain(
    `SequelizeMeta belongs to ${owner.name}, and this session is of ${role.name}: log in as ${owner.name}`,
  );
  await database.query(`ALTER ROLE ${role.name} NOINHERIT; GRANT ${owner.name} TO ${role.name}`);
  const { stderr } = await type('db:migrate', urlFor(role, database.url));
  await database.query(`REVOKE ${owner.name} FROM ${role.name}`);
  expect(stderr).toMatch(/ act as it with options=-c%20role%3Downer_\w+ in the URL /);
  await database.query(`REASSIGN OWNED BY ${owner.name} TO CURRENT_USER; DROP OWNED BY ${owner.name}`);
});
