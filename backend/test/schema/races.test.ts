import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/schema/intents';
import { usePlanner } from '../support/planner';
import { schemaOf } from '../support/schema';

const planner = usePlanner();

const query = (sql: string) => planner.database.query(sql);

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY)';
const age = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 };
const addAge = (schema: Schema) => schema.addColumn('pets', 'age', age);

describe('somebody who was quicker', () => {
  const byHand = 'ALTER TABLE pets ADD COLUMN age integer';

  it('between the look and the lock is noticed, and what was made is brought into line', async () => {
    await planner.reset(PETS);
    let isFirst = true;
    await planner.migrate(addAge, async (sql) => {
      if (isFirst && sql.includes('SHARE UPDATE EXCLUSIVE')) {
        isFirst = false;
        await query(byHand);
      }
    });
    expect(isFirst).toBe(false);
    expect(await schemaOf(planner.database)).toContain('pets age integer not null default 1');
  });

  it('again and again is a reason to stop, with nothing done', async () => {
    await planner.reset(PETS);
    const always = planner.migrate(addAge, async (sql) => {
      if (sql.includes('SHARE UPDATE EXCLUSIVE'))
        await query('ALTER TABLE pets ADD COLUMN more_' + String(Date.now()) + ' text');
    });
    await expect(always).rejects.toThrow(
      /^Somebody else keeps changing the tables of database .* Nothing of this migration was done/,
    );
  });

  it('with a table that is to be created is no obstacle', async () => {
    await planner.reset(PETS);
    let isFirst = true;
    const toys = (schema: Schema) =>
      schema.createTable('toys', { id: { type: DataTypes.INTEGER, primaryKey: true } });
    await planner.migrate(toys, async (sql) => {
      if (isFirst && sql.startsWith('CREATE TABLE')) {
        isFirst = false;
        await query('CREATE TABLE toys (id integer PRIMARY KEY)');
      }
    });
    expect(isFirst).toBe(false);
  });
});
