import { DataTypes, literal, Op, Sequelize } from 'sequelize';
import { compareWithModels } from '../../src/commands';
import { migration } from '../../src/migration';
import { type MigrationToPlan, stepsLeft } from '../../src/run';
import { DEFAULT_LIMITS, setRunner } from '../../src/session';
import { createDatabase } from './database';

// A table of which a migration declares what no model can.

const id = { type: DataTypes.INTEGER, primaryKey: true };
const one = migration('one.js', {
  up: (schema) => {
    const integer = { type: DataTypes.INTEGER };
    schema.createTable('toys', {
      id,
      pet: integer,
      of: integer,
      price: integer,
      twice: { ...integer, generatedAs: literal('price * 2') },
    });
    schema.addIndex('toys', ['pet'], { include: ['price'] });
    schema.addConstraint('toys', { type: 'check', name: 'priced', where: { price: { [Op.gt]: 0 } } });
    schema.addConstraint('toys', { type: 'unique', fields: ['pet', 'of'] });
    schema.addConstraint('toys', {
      type: 'foreign key',
      fields: ['pet', 'of'],
      references: { table: 'toys', fields: ['pet', 'of'] },
    });
    schema.renameColumn('toys', 'of', 'owner');
  },
});
const executed: MigrationToPlan[] = [{ name: 'one.js', direction: 'up', changes: one.changes.up, later: [] }];

/** A database with what the migration declares, and what `check` says of it, after that migration or another one. */
export async function undeclarableToys() {
  const database = await createDatabase();
  const sequelize = new Sequelize(database.url, { logging: false });
  const reporter = { line: () => undefined, progress: () => undefined };
  const run = { sequelize, limits: DEFAULT_LIMITS, reporter };
  setRunner(sequelize, run);
  await one.up(sequelize.getQueryInterface());
  const integer = () => ({ type: DataTypes.INTEGER }); // Sequelize writes into what it is given
  const toys = sequelize.define(
    'Toy',
    { id: { ...id }, pet: integer(), owner: integer(), price: integer(), twice: integer() },
    { tableName: 'toys', timestamps: false, indexes: [{ fields: ['pet'] }] },
  );
  const compare = async (migrations: readonly MigrationToPlan[] = executed) => {
    const { differences } = await compareWithModels(run, [toys], migrations);
    return [...differences, ...(await stepsLeft(run, migrations))];
  };
  return { database, compare, sequelize };
}
