import { DataTypes } from 'sequelize';
import { BASE, type Chain } from '../support/chains';
import { runUndoneAndRunAgain } from '../support/labelled-again';
import { useMigrations } from '../support/migrations';

// The enum type of a column that is kept aside keeps its name, until another column is to have one of that name. More of these
// are in enum-kept-aside.test.ts.

const migrations = useMigrations();

const id = { type: DataTypes.INTEGER, primaryKey: true };
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };
const other = { type: DataTypes.ENUM('big', 'small'), allowNull: false, defaultValue: 'big' };

describe.each<[string, string]>([
  ['with rows', BASE],
  ['without rows', `${BASE}; DELETE FROM pets`],
])('is made again with other labels, undone and done again exactly, %s:', (_, base) => {
  it.each<Chain>([
    [
      'a column with some of the labels',
      (schema) => schema.addColumn('pets', 'kind', kind),
      (schema) => schema.removeColumn('pets', 'kind', kind),
      (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('cat') }),
    ],
    [
      'a column with an array',
      (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('cat')) }),
      (schema) => schema.removeColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('cat')) }),
      (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ARRAY(DataTypes.ENUM('dog')) }),
    ],
    [
      'a column whose index and check go with it',
      (schema) => {
        schema.addColumn('pets', 'kind', kind);
        schema.addIndex('pets', ['kind']);
        schema.addConstraint('pets', { type: 'check', name: 'known', where: { kind: ['cat', 'dog'] } });
      },
      (schema) => {
        schema.removeConstraint('pets', { type: 'check', name: 'known', where: { kind: ['cat', 'dog'] } });
        schema.removeIndex('pets', ['kind']);
        schema.removeColumn('pets', 'kind', kind);
      },
      (schema) => {
        schema.addColumn('pets', 'kind', other);
        schema.addIndex('pets', ['kind']);
        schema.addConstraint('pets', { type: 'check', name: 'known', where: { kind: ['big', 'small'] } });
      },
    ],
    [
      'a third one, after two that were removed',
      (schema) => schema.addColumn('pets', 'kind', kind),
      (schema) => schema.removeColumn('pets', 'kind', kind),
      (schema) => schema.addColumn('pets', 'kind', other),
      (schema) => schema.removeColumn('pets', 'kind', other),
      (schema) => schema.addColumn('pets', 'kind', { type: DataTypes.ENUM('old', 'young') }),
    ],
    [
      'a table, and its column in a migration of its own',
      (schema) => schema.createTable('toys', { id, kind }),
      (schema) => schema.dropTable('toys', { id, kind }),
      (schema) => schema.createTable('toys', { id }),
      (schema) => schema.addColumn('toys', 'kind', other),
    ],
  ])('%s', async (...[, ...declared]) => {
    const { forwards, backwards, again } = await runUndoneAndRunAgain(migrations, base, declared);
    expect(backwards).toEqual(forwards.slice(0, -1).toReversed());
    expect(again).toEqual(forwards.at(-1));
  });
});
