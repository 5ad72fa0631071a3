import { succeed } from '../support/cli';
import {
  createDatabaseLike,
  createMigratedDatabase,
  createRole,
  dropDatabases,
  urlFor,
} from '../support/database';
import { SCHEMA, schemaOf } from '../support/schema';

// More of these are in databases.test.ts.

afterAll(() => dropDatabases());

it('as a role that owns the tables, may create in their schema, and no more', async () => {
  const database = await createDatabaseLike('3-created-by-sequelize-sync');
  const owner = await createRole('owner');
  await database.query(`ALTER SCHEMA ${SCHEMA} OWNER TO ${owner.name};
    DO $$ DECLARE its record; BEGIN
      FOR its IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = '${SCHEMA}'::regnamespace
      LOOP EXECUTE format('ALTER TABLE %s OWNER TO ${owner.name}', its.name); END LOOP;
      FOR its IN SELECT oid::regtype AS name FROM pg_type WHERE typtype = 'e' AND typnamespace = '${SCHEMA}'::regnamespace
      LOOP EXECUTE format('ALTER TYPE %s OWNER TO ${owner.name}', its.name); END LOOP;
    END $$`);
  const target = await schemaOf(await createMigratedDatabase());
  await succeed('db:migrate', urlFor(owner, database.url));
  const foreign = /questions|responses|prd_documents/;
  expect((await schemaOf(database)).filter((line) => !foreign.test(line))).toEqual(target);
});
