import { DataTypes, type ModelAttributes, type ModelOptions, type Sequelize } from 'sequelize';
import { copyOf, differences, id } from '../support/bookstore';
import { dropDatabases } from '../support/database';
import { GeneratedProject, modelsOf } from '../support/from-models';
import { schemaOf } from '../support/schema';

afterAll(() => dropDatabases());

/** Whether a line of a schema is of something that is not kept aside. */
const isInUse = (line: string) => !/undone_|^sequence /.test(line);

describe('what depends on each other is written in an order in which it runs, on rows, and is undone', () => {
  const code = { type: DataTypes.TEXT };
  const unique = { ...code, unique: true };
  const toCode = { ...code, references: { model: 'parents', key: 'code' } };
  const toName = { model: 'parents', key: 'name' };
  type Tables = Record<string, ModelAttributes>;
  const define = (tables: Tables) => (sequelize: Sequelize) => {
    for (const [tableName, columns] of Object.entries(tables)) {
      const options = { tableName, timestamps: false };
      sequelize.define(tableName, copyOf({ id, ...columns }), options);
    }
  };

  it.each<[string, Tables, Tables]>([
    [
      'a column that refers to one that becomes unique',
      { children: {}, parents: { code } },
      { children: { parent: toCode }, parents: { code: unique } },
    ],
    [
      'a key to a column that becomes unique',
      { children: { parent: code }, parents: { code } },
      { children: { parent: toCode }, parents: { code: unique } },
    ],
    [
      'a column that refers to a new one',
      { children: {}, parents: {} },
      { children: { parent: toCode }, parents: { code: unique } },
    ],
    [
      'a table that refers to a column that becomes unique',
      { parents: { code } },
      { children: { parent: toCode }, parents: { code: unique } },
    ],
    [
      'a key that moves to another column that becomes unique',
      { children: { parent: toCode }, parents: { code: unique, name: code } },
      { children: { parent: { ...code, references: toName } }, parents: { code, name: unique } },
    ],
    [
      'a new column that refers to a new table, which refers to another new column',
      { parents: {} },
      {
        children: { parent: toCode, name: unique },
        parents: { code: unique, child: { ...code, references: { model: 'children', key: 'name' } } },
      },
    ],
    [
      'new columns that are unique and refer to each other',
      { children: {}, parents: {} },
      {
        children: { parent: { ...toCode, unique: true } },
        parents: { code: { ...unique, references: { model: 'children', key: 'parent' } } },
      },
    ],
  ])('%s; and its removal', async (_, before, after) => {
    const project = new GeneratedProject();
    await project.generate(modelsOf(define(before)));
    const database = await project.migratedDatabase();
    const schema = (await schemaOf(database)).filter(isInUse);
    for (const table of Object.keys(before)) await database.query(`INSERT INTO ${table} DEFAULT VALUES`);
    await project.generate(modelsOf(define(after)));
    await project.migrate(database);
    expect(await differences(database, define(after))).toEqual([]);
    expect(await project.stepsLeft(database)).toEqual([]);
    await project.undo(database);
    expect((await schemaOf(database)).filter(isInUse)).toEqual(schema);
    await project.migrate(database);
    await project.generate(modelsOf(define(before)));
    await project.migrate(database);
    const { proposals } = await project.difference(modelsOf(define(before)));
    expect(proposals.flatMap(({ up }) => up)).toEqual([]);
    await project.undo(database);
    expect(await differences(database, define(after))).toEqual([]);
  });
});

const ofOne =
  (columns: ModelAttributes, indexes: ModelOptions['indexes'] = []) =>
  (sequelize: Sequelize) => {
    sequelize.define('pets', copyOf(columns), {
      tableName: 'pets',
      timestamps: false,
      indexes: [...indexes],
    });
  };

it.each(['name', 'bornAt'])(
  'a unique constraint of %s comes in place of an index before that goes, and stays beside one',
  async (field) => {
    const text = { type: DataTypes.TEXT };
    const index = [{ name: 'once', fields: [field], unique: true }];
    const byIndex = ofOne({ id, [field]: text }, index);
    const byConstraint = ofOne({ id, [field]: { ...text, unique: true } });
    const project = new GeneratedProject();
    await project.generate(modelsOf(byIndex));
    const database = await project.migratedDatabase();
    const words = async (define: typeof byIndex) => {
      const statements = await project.generate(modelsOf(define));
      await project.migrate(database);
      expect(await differences(database, define)).toEqual([]);
      expect((await project.difference(modelsOf(define))).proposals).toEqual([]);
      return statements.match(/schema\.\w+/g);
    };
    expect(await words(byConstraint)).toEqual(['schema.addConstraint', 'schema.removeIndex']);
    expect(await words(byIndex)).toEqual(['schema.addIndex']);
    expect(await words(byConstraint)).toEqual(['schema.removeIndex']);
  },
);

it('another primary key is said, with what does it, because no statement of a migration does', async () => {
  const project = new GeneratedProject();
  const code = { type: DataTypes.INTEGER, allowNull: false };
  await project.generate(modelsOf(ofOne({ id, code })));
  const both = ofOne({ id, code: { ...code, primaryKey: true } });
  expect((await project.difference(modelsOf(both))).proposals).toEqual([
    {
      up: [],
      notes: [
        'NOT WRITTEN: the primary key of pets is (id), and the models declare (id, code). Do it by hand, at a quiet hour: ' +
          'ALTER TABLE "pets" DROP CONSTRAINT "pets_pkey", ADD CONSTRAINT "pets_pkey" PRIMARY KEY ("id", "code"); ' +
          'as a schema.sql it is in every database.',
      ],
    },
  ]);
  const database = await project.migratedDatabase();
  await database.query(
    'ALTER TABLE "pets" DROP CONSTRAINT "pets_pkey", ADD CONSTRAINT "pets_pkey" PRIMARY KEY ("id", "code")',
  );
  expect(await differences(database, both)).toEqual([]);
});
