import { Op } from 'sequelize';
import { type Chain, id, integer, text } from '../support/chains';
import { finishedAgain } from '../support/cut-migration';
import { usePlanner } from '../support/planner';

// A migration of several transactions that removes what it has created is cut before any of its statements, and run again.

const planner = usePlanner();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

describe('is finished by the same run again, wherever it was cut: what a migration has created and removed,', () => {
  it.each<Chain>([
    [
      'a column with an index',
      (schema) => {
        schema.addColumn('pets', 'years', { ...integer, allowNull: false, defaultValue: 3 });
        schema.addIndex('pets', ['years']);
        schema.removeColumn('pets', 'years', integer);
        schema.addIndex('pets', ['age']);
      },
    ],
    [
      'a column that is renamed',
      (schema) => {
        schema.addColumn('pets', 'years', integer);
        schema.addIndex('pets', ['years'], { name: 'by_years' });
        schema.renameColumn('pets', 'years', 'winters');
        schema.removeColumn('pets', 'winters', integer);
        schema.addIndex('pets', ['age']);
      },
    ],
    [
      'a table with rows',
      (schema) => {
        schema.createTable('toys', { id, name: text });
        schema.bulkInsert('toys', [{ id: 1, name: 'ball' }]);
        schema.addIndex('toys', ['name']);
        schema.dropTable('toys', { id, name: text });
        schema.addIndex('pets', ['age']);
      },
    ],
    [
      'a table that is renamed',
      (schema) => {
        schema.createTable('toys', { id, name: text });
        schema.addIndex('toys', ['name']);
        schema.renameTable('toys', 'things');
        schema.dropTable('things', { id, name: text });
        schema.addIndex('pets', ['age']);
      },
    ],
    [
      'a table, and another one of its name',
      (schema) => {
        schema.createTable('toys', { id, name: text });
        schema.addColumn('toys', 'age', integer);
        schema.dropTable('toys', { id, name: text, age: integer });
        schema.createTable('toys', { id });
        schema.addIndex('pets', ['age']);
      },
    ],
    [
      'a column, and another one of its name',
      (schema) => {
        schema.addColumn('pets', 'years', integer);
        schema.addIndex('pets', ['years'], { name: 'by_years' });
        schema.changeColumn('pets', 'years', { ...integer, defaultValue: 4 });
        schema.removeColumn('pets', 'years', integer);
        schema.addColumn('pets', 'years', text);
        schema.addIndex('pets', ['age']);
      },
    ],
    [
      'an index and a constraint',
      (schema) => {
        schema.addIndex('pets', ['age'], { name: 'sought' });
        schema.removeIndex('pets', ['age'], { name: 'sought' });
        schema.addConstraint('pets', { type: 'check', name: 'old', where: { age: { [Op.gt]: 0 } } });
        schema.removeConstraint('pets', { type: 'check', name: 'old', where: { age: { [Op.gt]: 0 } } });
        schema.addIndex('pets', ['age']);
      },
    ],
    [
      'a column that was there, under another name',
      (schema) => {
        schema.addIndex('pets', ['age'], { name: 'by_age' });
        schema.renameColumn('pets', 'age', 'years');
        schema.removeColumn('pets', 'years', integer);
        schema.addIndex('pets', ['name']);
      },
    ],
  ])('%s', async (_, up) => {
    expect(await finishedAgain(planner, up)).toBeGreaterThan(3);
  });
});
