import { DataTypes, Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { createDatabase, dropDatabases } from '../support/database';
import { migrate } from '../support/migrator';
import { differencesOf } from '../support/place';

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

it('what is kept aside is listed, with all that belongs to it, and is no difference', async () => {
  const database = await createDatabase();
  await migrate(database, (umzug) => umzug.up());
  await database.query(`INSERT INTO pets (name) VALUES ('Rex')`);
  await migrate(database, (umzug) => umzug.down());
  await migrate(database, (umzug) => umzug.up());
  await database.query(`ALTER TABLE pets ADD undone_old text CHECK (undone_old <> ''), ADD undone_mine text;
    CREATE INDEX undone_pets_old ON pets (undone_old); ALTER TABLE pets RENAME CONSTRAINT pets_undone_old_check TO undone_check;
    COMMENT ON COLUMN pets.undone_old IS 'Kept aside by one.js, at 2026-01-01 00:00:00+00. Undoing one.js restores it.'`);
  expect(await differencesOf(database)).toEqual([
    'column pets.undone_mine: expected nothing, found type text',
  ]);
});
