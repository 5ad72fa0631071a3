import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { finishedAgain, PETS } from '../support/cut-migration';
import { usePlanner } from '../support/planner';
import { schemaOf } from '../support/schema';

// A migration of several transactions is cut before any of its statements, and run again as a whole. More of these are in
// cut-short.slow.test.ts.

const planner = usePlanner();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

it('is finished by the same run again, wherever it was cut: a column that is added, gets another name and an index', async () => {
  const up = (schema: Schema) => {
    schema.addColumn('pets', 'x', { type: DataTypes.TEXT });
    schema.renameColumn('pets', 'x', 'y');
    schema.addIndex('pets', ['y']);
  };
  expect(await finishedAgain(planner, up)).toBeGreaterThan(3);
});

it('names that are exchanged are refused in a migration of several transactions, with what to write', async () => {
  const exchange = (schema: Schema) => {
    schema.renameColumn('pets', 'name', 'aside');
    schema.renameColumn('pets', 'age', 'name');
    schema.renameColumn('pets', 'aside', 'age');
  };
  const withIndex = (schema: Schema) => {
    exchange(schema);
    schema.addIndex('pets', ['age']);
  };
  await planner.reset(PETS);
  const before = await schemaOf(planner.database);
  await expect(planner.migrate(withIndex)).rejects.toThrow(
    /gives columns of pets the names of each other.*\n {2}schema\.renameColumn\('pets', 'name', 'aside'\);\n/,
  );
  expect(await schemaOf(planner.database)).toEqual(before);
  const indexes = (schema: Schema) => {
    [['a', 'x'] as const, ['b', 'a'] as const, ['x', 'b'] as const].forEach(([from, to]) =>
      schema.renameIndex('pets', from, to),
    );
    schema.addIndex('pets', ['age']);
  };
  await planner.reset(`${PETS}; CREATE INDEX a ON pets (id); CREATE INDEX b ON pets (name)`);
  await expect(planner.migrate(indexes)).rejects.toThrow(
    /gives indexes of pets .*\n {2}schema\.renameIndex\('pets', 'a', 'x'\);\n/,
  );
  await planner.reset(PETS);
  await planner.migrate(exchange);
  expect(await schemaOf(planner.database)).toContain('pets name integer');
});
