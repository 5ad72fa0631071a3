import { type Chain, id, integer, stepsLeftAfterEach, text } from '../support/chains';
import { useMigrations } from '../support/migrations';

// What else names a column that a later migration has renamed: the SQL of checks, indexes and generated columns, the names of
// foreign keys, and the rename by which it had two names. More of these are in renamed-elsewhere.test.ts.

const migrations = useMigrations();

it.each<Chain>([
  [
    'a column that is renamed, with a foreign key',
    (schema) =>
      schema.createTable('toys', { id, pet: { ...integer, references: { model: 'pets', key: 'id' } } }),
    (schema) => schema.addColumn('pets', 'parent', { ...integer, references: { model: 'pets', key: 'id' } }),
    (schema) => schema.renameColumn('toys', 'pet', 'owner'),
    (schema) => schema.renameColumn('pets', 'parent', 'mother'),
    (schema) => schema.renameColumn('pets', 'id', 'number'),
    (schema) => schema.renameColumn('toys', 'owner', 'pet'),
    (schema) => schema.renameTable('pets', 'animals'),
  ],
  [
    'what is in a table that its own migration has renamed',
    (schema) => {
      const owner = { ...integer, references: { model: 'pets', key: 'id' } };
      schema.createTable('toys', { id, owner, size: integer }, { indexes: [{ fields: ['size'] }] });
      schema.renameTable('toys', 'things');
    },
    (schema) => schema.renameColumn('things', 'owner', 'holder'),
    (schema) => schema.removeIndex('things', ['size'], { name: 'toys_size' }),
    (schema) => schema.renameTable('things', 'objects'),
    (schema) => schema.renameColumn('objects', 'size', 'length'),
    (schema) => schema.removeColumn('objects', 'length', integer),
  ],
  [
    'a column that had two names, and another one of the first of them',
    (schema) => schema.renameColumn('pets', 'age', 'years', { overlap: true }),
    (schema) => schema.removeColumn('pets', 'age', integer),
    (schema) => schema.addColumn('pets', 'age', text),
    (schema) => schema.renameColumn('pets', 'years', 'winters'),
    (schema) => schema.renameTable('pets', 'animals'),
    (schema) => schema.removeColumn('animals', 'winters', integer),
  ],
])('%s is found after each migration to be as it was made', async (...[, ...declared]) => {
  expect(await stepsLeftAfterEach(migrations, declared)).toEqual([]);
});
