import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { changeNamed } from '../../src/generators/named-change';
import { useMigrations } from '../support/migrations';

// What the name of a migration says that it declares, on tables with rows. What the comment says of its locks is what the plan
// takes.

const migrations = useMigrations();

const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, kind varchar(9), age text, owner integer);
  CREATE INDEX pets_age ON pets (age); INSERT INTO pets VALUES (1, 'old', '1', 1)`;

it.each([
  ['create-toys', 'create table toys'],
  ['drop-pets', 'keep table pets aside as undone_pets'],
  ['rename-age-to-years-in-pets', 'rename column pets.age to years'],
  ['rename-pets-to-animals', 'rename table pets to animals'],
  ['add-unique-owner-to-pets', 'create index pets_owner_uk'],
  ['add-check-age-to-pets', 'add constraint pets_age_check, NOT VALID'],
  ['add-foreign-key-owner-to-pets', 'add foreign key pets_owner_pets_fk'],
  ['add-index-kind-to-pets', 'create index pets_kind'],
  ['add-index-on-kind-to-pets', 'create index pets_kind'],
  ['index-kind-of-pets', 'create index pets_kind'],
  ['remove-index-age-from-pets', 'drop index pets_age'],
  ['drop-index-on-age-of-pets', 'drop index pets_age'],
  ['remove-age-from-pets', 'keep column pets.age aside as undone_age'],
  ['change-kind-of-pets', 'change the type of pets.kind to text'],
  ['update-kind-of-pets', 'update rows of pets'],
  ['delete-old-ones-from-pets', undefined],
  ['insert-some-into-pets', undefined],
  ['add-first-name-to-pets', 'add column pets.first_name'],
])('%s', async (slug, purpose) => {
  const template = changeNamed(slug);
  const declare: unknown = Reflect.construct(Function, [
    'schema',
    'DataTypes',
    'literal',
    template?.statements ?? '',
  ]);
  if (typeof declare !== 'function') throw new Error('The statements are no function body.');
  const up = (schema: Schema) => void Reflect.apply(declare, undefined, [schema, DataTypes, literal]);
  await migrations.reset(PETS);
  const steps = await migrations.steps({ name: 'one.js', up }, 'up');
  expect(steps[0]?.purpose).toBe(purpose);
  const taken = steps.flatMap(({ locks = [] }) => locks).filter(({ table }) => table !== 'toys');
  for (const { mode, table } of taken) {
    expect(template?.locks).toContain(mode);
    expect(template?.locks).toContain(table);
  }
});

it.each(['cleanup', 'rename-things', 'create', 'add-something'])('%s says nothing', (slug) => {
  expect(changeNamed(slug)).toBeUndefined();
});
