import { DataTypes, Op } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// Names with dots, quotation marks, capital letters and words of SQL.

const migrations = useMigrations();

it('are names of indexes and constraints as they are written', async () => {
  const sql = 'CREATE TABLE "a.b" ("Id" integer PRIMARY KEY, "x.y" integer); INSERT INTO "a.b" VALUES (1, 1)';
  const after = await migrations.convergesThereAndBack(sql, {
    name: 'one.js',
    up: (schema) => {
      schema.addIndex('a.b', ['x.y']);
      schema.addIndex('a.b', [{ name: 'x.y', order: 'DESC' }], {
        name: 'The "index".$1',
        where: { 'x.y': 1 },
      });
      schema.addConstraint('a.b', { type: 'unique', fields: ['x.y'], name: 'select "u".$&' });
      schema.addConstraint('a.b', { type: 'check', name: "it's.c", where: { Id: { [Op.gt]: 0 } } });
      schema.addConstraint('a.b', {
        type: 'foreign key',
        name: 'public.key',
        fields: ['x.y'],
        references: { table: 'a.b', field: 'Id' },
      });
    },
  });
  expect(after).toEqual(
    expect.arrayContaining([
      `CREATE INDEX "a.b_x.y" ON ${SCHEMA}."a.b" USING btree ("x.y")`,
      `CREATE INDEX "The ""index"".$1" ON ${SCHEMA}."a.b" USING btree ("x.y" DESC) WHERE ("x.y" = 1)`,
      '"a.b" select "u".$& UNIQUE ("x.y")',
      `"a.b" it's.c CHECK (("Id" > 0))`,
      '"a.b" public.key FOREIGN KEY ("x.y") REFERENCES "a.b"("Id")',
    ]),
  );
});

it('are as long as PostgreSQL lets them be: what is named after them for a while is told from them', async () => {
  const [table, column, key] = ['t'.repeat(40), 'c'.repeat(40), 'k'.repeat(63)];
  const sql = `CREATE TABLE pets (id integer PRIMARY KEY); INSERT INTO pets VALUES (1);
    CREATE TABLE ${table} (id integer PRIMARY KEY, ${column} integer, ${column}2 integer, pet integer CONSTRAINT ${key} REFERENCES pets (id));
    INSERT INTO ${table} VALUES (1, NULL, NULL, 1)`;
  const one = {
    name: 'one.js',
    up: (schema: Schema) => {
      for (const name of [column, `${column}2`])
        schema.changeColumn(table, name, { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 });
      schema.changeColumn(table, 'pet', {
        type: DataTypes.INTEGER,
        references: { model: 'pets', key: 'id' },
        onDelete: 'CASCADE',
      });
      schema.addConstraint(table, {
        type: 'foreign key',
        name: key,
        fields: ['pet'],
        references: { table: 'pets', field: 'id' },
        onDelete: 'CASCADE',
      });
    },
  };
  await migrations.reset(sql);
  await migrations.up(one);
  const after = await migrations.schema();
  expect(after).toContain(`${table} ${column} integer not null default 1`);
  expect(after.filter((line) => line.includes('CHECK'))).toEqual([]);
  // A run that was killed has left the check.
  const steps = (await migrations.reset(sql), await migrations.steps(one, 'up'));
  const check = steps.find(({ purpose }) => purpose.startsWith('add the NOT NULL check'));
  await migrations.query(check?.sql ?? '');
  await migrations.up(one);
  expect(await migrations.schema()).toEqual(after);
});

it.each([
  [
    'a column of an index',
    'a',
    ['b"c'],
    /such as b"c\. Nothing of this migration was done\. Declare this as SQL/,
  ],
  ['a table', 'a"b', ['id'], /such as a"b\./],
])('with quotation marks, as %s, are refused: Sequelize writes others', async (_, table, fields, message) => {
  const quoted = table.replaceAll('"', '""');
  const refusal = await migrations.refusal(`CREATE TABLE "${quoted}" (id integer, "b""c" integer)`, {
    name: 'one.js',
    up: (schema) => schema.addIndex(table, fields, { name: 'sought' }),
  });
  expect(refusal).toMatch(message);
});
