import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';

// What a foreign key needs of the table that it refers to, and what has that key.

type Up = (schema: Schema) => void;

export const PARENTS = 'CREATE TABLE parents (id integer PRIMARY KEY, code text)';
const id = { type: DataTypes.INTEGER, primaryKey: true };
const parent = { type: DataTypes.TEXT, references: { model: 'parents', key: 'code' } };
export const constraint: Up = (schema) =>
  schema.addConstraint('parents', { type: 'unique', fields: ['code'], name: 'code_once' });
export const index: Up = (schema) =>
  schema.addIndex('parents', ['code'], { unique: true, name: 'code_once' });
export const column: Up = (schema) => schema.addColumn('children', 'parent', parent);
export const table: Up = (schema) => schema.createTable('children', { id, parent });
export const CHILDREN = `${PARENTS}; CREATE TABLE children (id integer PRIMARY KEY)`;
