import { differencesOf, useMigrated } from '../support/place';
import { undeclarableToys } from '../support/undeclarable-toys';

// More of these are in check.test.ts.

const migratedAnd = useMigrated();

it.each([
  [
    'another default',
    'ALTER TABLE pets ALTER visits SET DEFAULT 7',
    'column pets.visits: expected default 1, found default 7',
  ],
  [
    'a foreign key that is checked later',
    'ALTER TABLE toys ALTER CONSTRAINT toys_pet_id_fkey DEFERRABLE',
    'foreign key toys_pet_id_fkey: expected NOT DEFERRABLE, found DEFERRABLE INITIALLY IMMEDIATE',
  ],
  [
    'an index that is not valid',
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pets_name'::regclass",
    'index pets_name: expected valid, found invalid',
  ],
  [
    'another column',
    'ALTER TABLE pets ADD color text',
    'column pets.color: expected nothing, found type text',
  ],
  [
    'another index',
    'CREATE INDEX mine ON pets (id, name)',
    'index mine: expected nothing, found btree (id, name)',
  ],
  [
    'a check constraint',
    'ALTER TABLE pets ADD CONSTRAINT mine CHECK (id > 0)',
    'table pets: expected nothing, found check constraint mine',
  ],
  [
    'a unique constraint',
    'ALTER TABLE pets ADD CONSTRAINT mine UNIQUE (id, name)',
    'table pets: expected nothing, found constraint mine UNIQUE (id, name)',
  ],
  [
    'an exclusion constraint',
    'ALTER TABLE pets ADD CONSTRAINT mine EXCLUDE (name WITH =)',
    'table pets: expected nothing, found constraint mine EXCLUDE USING btree (name WITH =)',
  ],
])('reports %s', async (_, sql, line) => {
  const database = await migratedAnd(sql);
  expect(await differencesOf(database)).toContainEqual(
    typeof line === 'string' ? line : expect.stringMatching(line),
  );
});

describe('what no model can declare is no difference where a migration declares it', () => {
  it.each([
    [
      'ALTER TABLE toys DROP CONSTRAINT priced',
      [/^one.js has run, and would now add constraint priced/, /would now validate constraint priced$/],
    ],
    [
      'DROP INDEX toys_pet; CREATE INDEX toys_pet ON toys (pet)',
      [/^one.js has run, and would now be refused/],
    ],
    ['ALTER TABLE toys DROP CONSTRAINT priced, ADD CONSTRAINT priced CHECK (price > 9)', [/be refused/]],
  ])('but it is one when somebody has changed it: %s', async (sql, lines) => {
    const { database, compare, sequelize } = await undeclarableToys();
    await database.query(sql);
    const found = await compare();
    expect(found).toHaveLength(lines.length);
    lines.forEach((line, n) => {
      expect(found[n]).toMatch(line);
    });
    await sequelize.close();
  });
});
