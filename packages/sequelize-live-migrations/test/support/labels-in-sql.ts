import { DataTypes, literal } from 'sequelize';
import { type Chain, text } from './chains';

const type = DataTypes.ENUM('cat', 'dog');
const rename: Chain[1] = (schema) => schema.renameEnumValue('pets', 'kind', 'cat', 'tomcat');
const add: Chain[1] = (schema) => schema.addColumn('pets', 'kind', { type, defaultValue: 'cat' });

/** What names a label in SQL, and a later migration that gives the label another name. */
export const CHAINS: readonly Chain[] = [
  [
    'a default',
    (schema) => schema.addColumn('pets', 'kind', { type, defaultValue: literal("'cat'") }),
    rename,
  ],
  [
    'a default with a cast',
    (schema) => schema.addColumn('pets', 'kind', { type, defaultValue: literal("'cat'::enum_pets_kind") }),
    rename,
  ],
  [
    'a default of a table',
    (schema) => schema.createTable('toys', { kind: { type, defaultValue: literal("'cat'") }, name: text }),
    (schema) => schema.renameEnumValue('toys', 'kind', 'cat', 'tomcat'),
  ],
  [
    'a check, beside a text of the same name',
    add,
    (schema) =>
      schema.addConstraint('pets', {
        type: 'check',
        name: 'known',
        where: literal("kind IN ('cat', 'dog') OR name = 'cat'"),
      }),
    rename,
  ],
  [
    'the condition of an index',
    add,
    (schema) => schema.addIndex('pets', ['age'], { where: literal("kind = 'cat'") }),
    rename,
  ],
  [
    'the expression of an index',
    add,
    (schema) => schema.addIndex('pets', [literal("(kind = 'cat')")], { name: 'cats' }),
    rename,
  ],
  [
    'a generated column',
    (schema) =>
      schema.createTable('toys', {
        kind: { type },
        is_cat: { type: DataTypes.BOOLEAN, generatedAs: literal("kind = 'cat'") },
      }),
    (schema) => schema.renameEnumValue('toys', 'kind', 'cat', 'tomcat'),
  ],
  [
    'a backfill',
    (schema) =>
      schema.addColumn('pets', 'kind', {
        type,
        allowNull: false,
        backfill: literal("CASE WHEN age > 1 THEN 'cat'::enum_pets_kind ELSE 'dog' END"),
      }),
    rename,
  ],
  [
    'rows that are updated',
    add,
    (schema) => schema.bulkUpdate('pets', { kind: literal("'cat'") }, literal("kind <> 'cat'")),
    rename,
  ],
  [
    'a check, of a column and a label that get another name twice',
    add,
    (schema) =>
      schema.addConstraint('pets', {
        type: 'check',
        name: 'known',
        where: literal("kind IN ('cat', 'dog')"),
      }),
    rename,
    (schema) => schema.renameColumn('pets', 'kind', 'sort'),
    (schema) => schema.renameEnumValue('pets', 'sort', 'tomcat', 'queen'),
  ],
];
