import { DataTypes, literal } from 'sequelize';
import { finishedAgain } from '../support/cut-migration';
import { usePlanner, type State } from '../support/planner';

// A migration of several transactions is cut before any of its statements, and run again as a whole. One of these is in
// cut-short.test.ts.

const planner = usePlanner();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

const text = { type: DataTypes.TEXT };

it.each<[string, State]>([
  [
    'an index and a check, another name for their column, and another index',
    (schema) => {
      schema.addIndex('pets', ['age', 'name'], { name: 'by_age' });
      schema.addConstraint('pets', { type: 'check', name: 'of_age', where: literal('age > 0') });
      schema.renameColumn('pets', 'age', 'years');
      schema.addIndex('pets', ['years']);
    },
  ],
  [
    'an index, another name for it, and another index',
    (schema) => {
      schema.addIndex('pets', ['age']);
      schema.renameIndex('pets', 'pets_age', 'by_age');
      schema.addIndex('pets', ['name'], { name: 'by_name' });
    },
  ],
  [
    'a table with new parts, another name for it, and another column with an index',
    (schema) => {
      schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'dog') });
      schema.addIndex('pets', ['kind']);
      schema.addConstraint('pets', { type: 'check', name: 'of_age', where: literal('age > 0') });
      schema.renameTable('pets', 'animals');
      schema.addColumn('animals', 'size', text);
      schema.addIndex('animals', ['size']);
    },
  ],
  [
    'a column that gives way to a new one of its name, with an index',
    (schema) => {
      schema.removeColumn('pets', 'age', { type: DataTypes.INTEGER });
      schema.addColumn('pets', 'age', text);
      schema.addIndex('pets', ['age']);
    },
  ],
  [
    'columns of an enum type that give way to others of their name, with an index on each',
    (schema) => {
      const kind = { type: DataTypes.ENUM('cat', 'dog'), defaultValue: 'cat' };
      const other = { type: DataTypes.ENUM('big', 'small'), defaultValue: 'big' };
      schema.addColumn('pets', 'kind', kind);
      schema.addIndex('pets', ['kind']);
      schema.removeColumn('pets', 'kind', kind);
      schema.addColumn('pets', 'kind', other);
      schema.addIndex('pets', ['kind', 'age'], { where: { kind: 'small' } });
    },
  ],
  [
    'a column of an enum type, more labels of that, and an index that uses one',
    (schema) => {
      schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'dog') });
      schema.changeColumn('pets', 'kind', { type: DataTypes.ENUM('ant', 'cat', 'cow', 'dog') });
      schema.addIndex('pets', ['age'], { where: { kind: 'cow' } });
      schema.renameEnumValue('pets', 'kind', 'cow', 'cattle');
      schema.renameColumn('pets', 'kind', 'sort');
      schema.addIndex('pets', ['name'], { where: { sort: 'cattle' } });
      schema.changeColumn('pets', 'sort', {
        type: DataTypes.ENUM('ant', 'cat', 'cattle', 'dog'),
        defaultValue: 'ant',
      });
    },
  ],
  [
    'rows that are updated by SQL, and a column of it that gets another name and an index',
    (schema) => {
      schema.bulkUpdate('pets', { age: literal('age * 2 + id') }, literal("age < 3 AND name = 'Rex'"));
      schema.renameColumn('pets', 'name', 'title');
      schema.addIndex('pets', ['title']);
    },
  ],
  [
    'rows that are updated, one after the other, before a column is removed',
    (schema) => {
      schema.addColumn('pets', 'title', text);
      schema.bulkUpdate('pets', { title: literal('upper(name)') }, literal('name IS NOT NULL'));
      schema.bulkUpdate('pets', { age: 7 }, { title: 'REX' });
      schema.removeColumn('pets', 'name', text);
      schema.addIndex('pets', ['age']);
      schema.bulkUpdate('pets', { age: 8 }, { title: 'BO' });
    },
  ],
  [
    'rows that are deleted, and a unique constraint on what is left',
    (schema) => {
      schema.bulkDelete('pets', literal("name = 'Rex'"));
      schema.addConstraint('pets', { type: 'unique', fields: ['age'] });
      schema.renameColumn('pets', 'name', 'title');
      schema.addIndex('pets', ['title']);
    },
  ],
  [
    'rows that are inserted, numbered by a sequence, into a table that gets another column',
    (schema) => {
      schema.createTable('toys', { id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true } });
      schema.bulkInsert('toys', [{ id: 1 }, { id: 5 }]);
      schema.addColumn('toys', 'name', { ...text, allowNull: false, backfill: literal("'toy ' || id") });
      schema.bulkInsert('pets', [{ id: 9, name: 'Tom', age: 9 }]);
      schema.addIndex('pets', ['name'], { unique: true });
    },
  ],
  [
    'a column, an index and a table that get one name after the other',
    (schema) => {
      schema.renameColumn('pets', 'name', 'label');
      schema.renameColumn('pets', 'label', 'title');
      schema.addIndex('pets', ['title'], { name: 'first' });
      schema.renameIndex('pets', 'first', 'second');
      schema.renameIndex('pets', 'second', 'third');
      schema.renameTable('pets', 'beasts');
      schema.renameTable('beasts', 'animals');
      schema.addIndex('animals', ['age', 'title']);
    },
  ],
  [
    'a column and an index that get another name, and are removed',
    (schema) => {
      schema.addIndex('pets', ['age'], { name: 'first' });
      schema.renameIndex('pets', 'first', 'second');
      schema.removeIndex('pets', ['age'], { name: 'second' });
      schema.renameColumn('pets', 'name', 'title');
      schema.removeColumn('pets', 'title', text);
      schema.addIndex('pets', ['id', 'age']);
    },
  ],
  [
    'a column with a backfill, and a check on it',
    (schema) => {
      schema.addColumn('pets', 'size', { ...text, allowNull: false, backfill: literal("'S'") });
      schema.addConstraint('pets', { type: 'check', name: 'sized', where: literal("size <> ''") });
    },
  ],
])('is finished by the same run again, wherever it was cut: %s', async (_, up) => {
  expect(await finishedAgain(planner, up)).toBeGreaterThan(3);
});
