import { DataTypes, Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { createDatabase, dropDatabases } from '../support/database';

afterAll(() => dropDatabases());

it('a column that is kept aside is no difference, nor is what has kept its own name on it', async () => {
  const database = await createDatabase();
  const long = 'i'.repeat(63);
  await database.query(`CREATE TABLE seats (id integer PRIMARY KEY, undone_row integer CONSTRAINT seats_row CHECK (undone_row > 0));
    COMMENT ON COLUMN seats.undone_row IS 'Kept aside by one.js, at 2026-11-26 22:06:52+00. Undoing one.js restores it.';
    CREATE INDEX ${long} ON seats (undone_row); CREATE INDEX undone_one ON seats (id)`);
  const sequelize = new Sequelize('postgres://localhost/none', { logging: false });
  const id = { type: DataTypes.INTEGER, primaryKey: true };
  const Seat = sequelize.define('Seat', { id }, { tableName: 'seats', timestamps: false });
  expect(await differencesFromModels(database.url, [Seat])).toEqual([
    'index undone_one: expected nothing, found btree (id)',
  ]);
});
