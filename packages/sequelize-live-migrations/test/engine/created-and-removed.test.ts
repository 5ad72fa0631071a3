import { Op } from 'sequelize';
import { BASE, type Chain, id, integer, stepsLeftAfterEach, text } from '../support/chains';
import { useMigrations } from '../support/migrations';

// A migration may remove what it has created itself. When it has run, nothing of that is left to do. In
// created-and-removed.slow.test.ts it is cut.

const migrations = useMigrations();

const CHAINS: readonly Chain[] = [
  [
    'a column',
    (schema) => {
      schema.addColumn('pets', 'years', integer);
      schema.removeColumn('pets', 'years', integer);
    },
  ],
  [
    'a column with what is on it',
    (schema) => {
      schema.addColumn('pets', 'years', { ...integer, allowNull: false, defaultValue: 3 });
      schema.addIndex('pets', ['years', 'name'], { name: 'by_years' });
      schema.addConstraint('pets', { type: 'check', name: 'old', where: { years: { [Op.gt]: 0 } } });
      schema.changeColumn('pets', 'years', { ...integer, allowNull: false, defaultValue: 4 });
      schema.removeColumn('pets', 'years', integer);
    },
  ],
  [
    'a column that it has renamed',
    (schema) => {
      schema.addColumn('pets', 'years', integer);
      schema.renameColumn('pets', 'years', 'winters');
      schema.removeColumn('pets', 'winters', integer);
    },
  ],
  [
    'a column, and another one of its name',
    (schema) => {
      schema.addColumn('pets', 'years', integer);
      schema.removeColumn('pets', 'years', integer);
      schema.addColumn('pets', 'years', text);
    },
  ],
  [
    'a column that is there again',
    (schema) => {
      schema.removeColumn('pets', 'age', integer);
      schema.addColumn('pets', 'age', text);
    },
  ],
  [
    'an index',
    (schema) => {
      schema.addIndex('pets', ['age'], { name: 'by_age' });
      schema.removeIndex('pets', ['age'], { name: 'by_age' });
    },
  ],
  [
    'an index, and another one of its name',
    (schema) => {
      schema.addIndex('pets', ['age'], { name: 'sought' });
      schema.removeIndex('pets', ['age'], { name: 'sought' });
      schema.addIndex('pets', ['name'], { name: 'sought' });
    },
  ],
  [
    'constraints',
    (schema) => {
      schema.addConstraint('pets', { type: 'check', name: 'old', where: { age: { [Op.gt]: 0 } } });
      schema.removeConstraint('pets', { type: 'check', name: 'old', where: { age: { [Op.gt]: 0 } } });
      schema.addConstraint('pets', { type: 'unique', name: 'one', fields: ['name'] });
      schema.removeConstraint('pets', { type: 'unique', name: 'one', fields: ['name'] });
    },
  ],
  [
    'a table',
    (schema) => {
      schema.createTable('toys', { id, name: text });
      schema.addColumn('toys', 'age', integer);
      schema.addIndex('toys', ['age']);
      schema.dropTable('toys', { id, name: text, age: integer });
    },
  ],
  [
    'a table that it has renamed',
    (schema) => {
      schema.createTable('toys', { id, name: text });
      schema.renameTable('toys', 'things');
      schema.dropTable('things', { id, name: text });
    },
  ],
  [
    'a table, and another one of its name',
    (schema) => {
      schema.createTable('toys', { id, name: text });
      schema.dropTable('toys', { id, name: text });
      schema.createTable('toys', { id });
    },
  ],
  [
    'parts of a table that it has created',
    (schema) => {
      schema.createTable('toys', { id, name: text, age: integer });
      schema.addIndex('toys', ['age'], { name: 'toys_by_age' });
      schema.removeIndex('toys', ['age'], { name: 'toys_by_age' });
      schema.removeColumn('toys', 'name', text);
    },
  ],
  [
    'a column in a table that it has renamed',
    (schema) => {
      schema.addColumn('pets', 'years', integer);
      schema.renameTable('pets', 'animals');
      schema.removeColumn('animals', 'years', integer);
    },
  ],
  [
    'a column in a table that a later one has renamed',
    (schema) => {
      schema.addColumn('pets', 'years', integer);
      schema.removeColumn('pets', 'years', integer);
    },
    (schema) => schema.renameTable('pets', 'animals'),
  ],
];

describe('after a migration has removed what it has created, nothing of it is left to do:', () => {
  it.each(CHAINS)('%s', async (...[, ...declared]: Chain) => {
    expect(await stepsLeftAfterEach(migrations, declared)).toEqual([]);
  });
});

it('removes a column that it has renamed itself, and an undo gives it its first name back', async () => {
  const left = await migrations.thereAndBack(BASE, {
    name: '01.js',
    up: (schema) => {
      schema.renameColumn('pets', 'age', 'years');
      schema.removeColumn('pets', 'years', integer);
    },
  });
  expect(left).toContain('pets undone_years integer');
});
