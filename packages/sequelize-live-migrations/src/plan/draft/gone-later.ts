import {
  type AddForeignKey,
  type ColumnDeclaration,
  foreignKeyOf,
  forwardOf,
  isForeignKey,
} from '../../vocabulary';
import type { Draft } from './draft';

// A migration may run, or be compared, on a database in which later ones have run: what these have removed is left alone.

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
