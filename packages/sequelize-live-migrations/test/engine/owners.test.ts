import { DataTypes } from 'sequelize';
import { messageOf } from '../../src/configuration';
import type { Schema } from '../../src/vocabulary';
import { createRole, type Role } from '../support/database';
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
      /^must be owner of each table\. toys belongs to \S+, and this session is of maker_.* Could not add column pets\.kind/,
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
