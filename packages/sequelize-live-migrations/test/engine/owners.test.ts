import { DataTypes } from 'sequelize';
import { messageOf } from '../../src/configuration';
import type { Schema } from '../../src/vocabulary';
import { type } from '../support/cli';
import { createDatabase, createRole, type Role, urlFor } from '../support/database';
import { migrate } from '../support/migrator';
import { usePlanner } from '../support/planner';
import { SCHEMA, schemaOf } from '../support/schema';

// Whose tables they are is known before the first step, and said in the same words by each command.

type State = (schema: Schema) => void;

const planner = usePlanner();
let role: Role;

beforeAll(async () => {
  role = await createRole('maker');
});

afterEach(() => planner.database.query(`DROP OWNED BY ${role.name}`));

/** Two tables with rows: pets of the role, and toys of somebody else. */
const tables = () => `GRANT USAGE, CREATE ON SCHEMA ${SCHEMA} TO ${role.name};
  CREATE TABLE pets (id int PRIMARY KEY, name text); INSERT INTO pets VALUES (1, 'Rex');
  ALTER TABLE pets OWNER TO ${role.name};
  CREATE TABLE toys (id int PRIMARY KEY, name text); INSERT INTO toys VALUES (1, 'ball');
  GRANT ALL ON toys TO ${role.name}`;

it.each<[string, State]>([
  ['an index', (schema) => schema.addIndex('toys', ['name'])],
  ['a column', (schema) => schema.addColumn('toys', 'kind', { type: DataTypes.TEXT })],
])(
  'a step on a table of another role is refused before the first one, on the own table: %s',
  async (_, onToys) => {
    await planner.reset(tables());
    const before = await schemaOf(planner.database);
    const theirs = planner.another(role);
    const failure = await theirs
      .migrate((schema) => {
        schema.addColumn('pets', 'kind', { type: DataTypes.TEXT });
        schema.addIndex('pets', ['name']);
        onToys(schema);
      })
      .then(String, messageOf);
    await theirs.close();
    expect(failure).toMatch(
      /^Could not add column pets\.kind.*: must be owner of each table\. toys belongs to \S+, and this session is of maker_/,
    );
    expect(failure).toMatch(/Nothing of this migration was done\.$/);
    expect(await schemaOf(planner.database)).toEqual(before);
  },
);

it('the parent of a foreign key may belong to another role', async () => {
  await planner.reset(tables());
  const theirs = planner.another(role);
  await theirs.migrate((schema) => {
    schema.addColumn('pets', 'toy_id', { type: DataTypes.INTEGER, references: { model: 'toys', key: 'id' } });
  });
  await theirs.close();
  expect(await schemaOf(planner.database)).toContainEqual(
    expect.stringMatching(/^pets pets_toy_id_fkey FOREIGN KEY/),
  );
});

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
