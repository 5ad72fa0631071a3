import { Utils } from 'sequelize';
import { columnNamed } from '../../catalog';
import { identifiersIn } from '../../postgres';
import {
  type AddConstraint,
  type AddForeignKey,
  type AddIndex,
  type ColumnDeclaration,
  foreignKeyOf,
  forwardOf,
  isForeignKey,
} from '../../vocabulary';
import type { Draft } from './draft';

// A migration may run, or be compared, on a database in which later ones have run: what these have removed is left alone.

/** Whether an index or a constraint is on something that a later migration, which has run, has removed. */
export async function isOnWhatIsGone(draft: Draft, change: AddIndex | AddConstraint): Promise<boolean> {
  if (draft.isRemovedLater(change.table, change)) return true;
  const table = await draft.find(change.table);
  const gone = draft.later.flatMap((later) =>
    later.kind === 'removeColumn' && later.undoes.table === change.table ? [later.undoes.column] : [],
  );
  const missing = gone.filter((column) => !table || !columnNamed(table, column));
  return missing.some((column) => mentions(partsOf(change), column));
}

/** Whether a later migration, which has run, has changed a foreign key, or dropped its parent. */
export async function isKeyOfLater(
  draft: Draft,
  { table, fields, references }: AddForeignKey,
): Promise<boolean> {
  const isChanged = draft.later
    .map(forwardOf)
    .filter(isForeignKey)
    .some((key) => key.table === table && key.fields.join() === fields.join());
  return isChanged || (draft.isRemovedLater(references.table) && !(await draft.find(references.table)));
}

const KEY = ['references', 'onUpdate', 'onDelete'];

/** A column as it is declared, without a foreign key that a later migration, which has run, has changed or removed. */
export async function withoutKeyOfLater<T extends ColumnDeclaration>(
  draft: Draft,
  declaration: T,
): Promise<T> {
  const key = foreignKeyOf(declaration);
  if (!key || !(await isKeyOfLater(draft, key))) return declaration;
  const { attributes } = declaration;
  const others = Object.entries(attributes).filter(([name]) => !KEY.includes(name));
  return { ...declaration, attributes: { type: attributes.type, ...Object.fromEntries(others) } };
}

function partsOf(change: AddIndex | AddConstraint): unknown {
  if (change.kind === 'addIndex') return [change.fields, change.options.where, change.options.include];
  return change.type === 'check' ? change.where : change.fields;
}

/** Whether a column is named somewhere in the fields of an index, or in a condition. */
function mentions(value: unknown, column: string): boolean {
  if (typeof value === 'string') return value === column;
  if (value instanceof Utils.Literal) return identifiersIn(String(value.val)).includes(column);
  if (Array.isArray(value)) return value.some((one) => mentions(one, column));
  if (typeof value !== 'object' || value === null) return false;
  return Reflect.ownKeys(value).some((key) => key === column || mentions(Reflect.get(value, key), column));
}
