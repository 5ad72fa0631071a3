import { DataTypes, Op } from 'sequelize';
import type { ColumnAttributes, ConstraintOptions, IndexOptions, Schema } from '../../../src/vocabulary';
import { type Draw, id, type Table, TYPES, type World } from './world';

/** A change that is possible, which takes effect on what there is; undefined where there is none. */
export type Word = (world: World, table: Table, draw: Draw) => ((schema: Schema) => void) | undefined;

/** The columns that nothing else is on: those may be removed or renamed without a thought of what that is. */
function freeColumns({ columns, indexes, constraints, prepared }: Table): string[] {
  const used = [
    'id',
    ...prepared,
    ...indexes.flatMap(({ fields, options }) => [
      ...fields,
      ...(options.include ?? []),
      ...(options.where ? ['age'] : []),
    ]),
    ...constraints.flatMap((one) => ('fields' in one ? (one.fields ?? []) : [])),
  ];
  return [...columns.keys()].filter((column) => !used.includes(column));
}

const addColumn: Word = (world, table, draw) => {
  const attributes = draw.of(TYPES)?.(3);
  if (!attributes) return undefined;
  const column = world.fresh('c');
  table.columns.set(column, attributes);
  const { name } = table;
  return (schema) => schema.addColumn(name, column, attributes);
};

const removeColumn: Word = (world, table, draw) => {
  const column = draw.of(freeColumns(table));
  const attributes = column === undefined ? undefined : table.columns.get(column);
  if (column === undefined || !attributes) return undefined;
  table.columns.delete(column);
  const { name } = table;
  return (schema) => schema.removeColumn(name, column, attributes);
};

const renameColumn: Word = (world, table, draw) => {
  const from = draw.of(freeColumns(table));
  const attributes = from === undefined ? undefined : table.columns.get(from);
  if (from === undefined || !attributes) return undefined;
  const to = world.fresh('r');
  table.columns.delete(from);
  table.columns.set(to, attributes);
  const { name } = table;
  return (schema) => schema.renameColumn(name, from, to);
};

const changeColumn: Word = (_, table, draw) => {
  const plain = [...table.columns].filter(
    ([, { type, primaryKey, unique }]) => type === DataTypes.INTEGER && !primaryKey && !unique,
  );
  const [column, attributes] = draw.of(plain) ?? [];
  if (column === undefined || !attributes) return undefined;
  const changed = draw.of<ColumnAttributes>([
    { ...attributes, defaultValue: 7 },
    { ...attributes, allowNull: false, defaultValue: 1 },
    { ...attributes, allowNull: true },
  ]);
  if (!changed || attributes.references) return undefined;
  table.columns.set(column, changed);
  const { name } = table;
  return (schema) => schema.changeColumn(name, column, changed);
};

const prepareColumn: Word = (_, table, draw) => {
  const integers = [...table.columns].filter(
    ([column, { type }]) => type === DataTypes.INTEGER && !table.prepared.has(column),
  );
  const [column] = draw.of(integers) ?? [];
  if (column === undefined) return undefined;
  table.prepared.add(column);
  const { name } = table;
  return (schema) => schema.changeColumn(name, column, { type: DataTypes.BIGINT }, { overlap: true });
};

const convertColumn: Word = (_, table, draw) => {
  const column = draw.of([...table.prepared]);
  const attributes = column === undefined ? undefined : table.columns.get(column);
  if (column === undefined || !attributes) return undefined;
  table.prepared.delete(column);
  const converted = { ...attributes, type: DataTypes.BIGINT, unique: false }; // it keeps its constraint
  table.columns.set(column, { ...attributes, type: DataTypes.BIGINT });
  const { name } = table;
  return (schema) => schema.changeColumn(name, column, converted);
};

const renameTable: Word = (world, table) => {
  const [from, to] = [table.name, world.fresh('t')];
  world.renameReferred(from, to);
  table.name = to;
  return (schema) => schema.renameTable(from, to);
};

const createTable: Word = (world, parent, draw) => {
  const name = world.fresh('t');
  const more = draw.of(TYPES)?.(5) ?? { type: DataTypes.INTEGER };
  const columns = new Map<string, ColumnAttributes>([
    ['id', id],
    ['value', more],
    [
      'parent',
      { type: DataTypes.INTEGER, references: { model: parent.name, key: 'id' }, onDelete: 'CASCADE' },
    ],
  ]);
  const attributes = Object.fromEntries(columns);
  world.add({
    name,
    columns,
    indexes: [{ name: `${name}_value`, fields: ['value'], options: {} }],
    constraints: [],
    prepared: new Set(),
  });
  return (schema) => schema.createTable(name, attributes, { indexes: [{ fields: ['value'] }] });
};

const addIndex: Word = (world, table, draw) => {
  const [first, second] = [draw.of([...table.columns.keys()]), draw.of([...table.columns.keys()])];
  if (first === undefined || second === undefined) return undefined;
  const name = world.fresh('i');
  const options = draw.of<IndexOptions>([
    { name },
    { name, ...(first === second ? {} : { include: [second] }) },
    { name, ...(table.columns.has('age') ? { where: { age: { [Op.gt]: 1 } } } : {}) },
    { name, unique: true },
  ]);
  if (!options) return undefined;
  const fields = options.unique ? [...new Set(['id', first])] : [first];
  table.indexes.push({ name, fields, options });
  const of = table.name;
  return (schema) => schema.addIndex(of, fields, options);
};

const removeIndex: Word = (_, table, draw) => {
  const index = draw.of(table.indexes);
  if (!index) return undefined;
  table.indexes.splice(table.indexes.indexOf(index), 1);
  const of = table.name;
  return (schema) => schema.removeIndex(of, index.fields, { ...index.options, name: index.name });
};

const renameIndex: Word = (world, table, draw) => {
  const index = draw.of(table.indexes);
  if (!index) return undefined;
  const to = world.fresh('i');
  table.indexes.splice(table.indexes.indexOf(index), 1, { ...index, name: to });
  const of = table.name;
  return (schema) => schema.renameIndex(of, index.name, to);
};

const addConstraint: Word = (world, table, draw) => {
  const name = world.fresh('k');
  const constraint = draw.of<ConstraintOptions>([
    { type: 'check', name, fields: ['id'], where: { id: { [Op.gt]: 0 } } },
    { type: 'unique', name, fields: ['id'] },
  ]);
  if (!constraint) return undefined;
  table.constraints.push(constraint);
  const of = table.name;
  return (schema) => schema.addConstraint(of, constraint);
};

const removeConstraint: Word = (_, table, draw) => {
  const constraint = draw.of(table.constraints);
  if (!constraint) return undefined;
  table.constraints.splice(table.constraints.indexOf(constraint), 1);
  const of = table.name;
  return (schema) => schema.removeConstraint(of, constraint);
};

/** The rows that the migrations insert, and delete again. */
const INSERTED = 1000;

const bulkUpdate: Word = (_, table, draw) => {
  const plain = [...table.columns].filter(
    ([, { type, unique, references }]) => type === DataTypes.INTEGER && !unique && !references,
  );
  const [column] = draw.of(plain.filter(([name]) => name !== 'id')) ?? [];
  if (column === undefined) return undefined;
  const of = table.name;
  return (schema) => schema.bulkUpdate(of, { [column]: 5 }, { [column]: null });
};

const bulkInsert: Word = (world, table) => {
  const of = table.name;
  const number = INSERTED + Number(world.fresh(''));
  return (schema) => schema.bulkInsert(of, [{ id: number }, { id: number + INSERTED }]);
};

const bulkDelete: Word = (_, table) => {
  const of = table.name;
  return (schema) => schema.bulkDelete(of, { id: { [Op.gt]: 2 * INSERTED } });
};

export const WORDS: readonly Word[] = [
  bulkUpdate,
  bulkInsert,
  bulkDelete,
  addColumn,
  removeColumn,
  renameColumn,
  changeColumn,
  prepareColumn,
  prepareColumn,
  convertColumn, // which is possible only after the other one
  convertColumn,
  renameTable,
  createTable,
  addIndex,
  removeIndex,
  renameIndex,
  addConstraint,
  removeConstraint,
];
