import { DataTypes, Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { createDatabase, dropDatabases } from '../support/database';

afterAll(() => dropDatabases());

it('a unique constraint of a partitioned table that one of the partitions is without', async () => {
  const database = await createDatabase();
  await database.query(`CREATE TABLE seats (number integer NOT NULL) PARTITION BY LIST (number);
    CREATE TABLE seats_1 PARTITION OF seats FOR VALUES IN (1); CREATE TABLE seats_2 PARTITION OF seats FOR VALUES IN (2);
    ALTER TABLE ONLY seats ADD CONSTRAINT once UNIQUE (number); ALTER TABLE seats_1 ADD CONSTRAINT once_1 UNIQUE (number);
    ALTER INDEX once ATTACH PARTITION once_1`);
  const sequelize = new Sequelize('postgres://localhost/none', { logging: false });
  const number = { type: DataTypes.INTEGER, allowNull: false, unique: true };
  const Seat = sequelize.define('Seat', { number }, { tableName: 'seats', timestamps: false });
  Seat.removeAttribute('id');
  expect(await differencesFromModels(database.url, [Seat])).toEqual([
    'table seats: expected UNIQUE (number), found that a partition is without it',
  ]);
  await database.query(
    'ALTER TABLE seats_2 ADD CONSTRAINT once_2 UNIQUE (number); ALTER INDEX once ATTACH PARTITION once_2',
  );
  expect(await differencesFromModels(database.url, [Seat])).toEqual([]);
});
