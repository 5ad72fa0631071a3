import { columnNamed, type Table } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import type { ColumnDeclaration } from '../../vocabulary';
import { alterStep } from '../draft/alter';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';

/** Gives a column the declared comment. Where none is declared, it keeps the one that it has. */
export async function planColumnComment(draft: Draft, declaration: ColumnDeclaration): Promise<void> {
  const { table, column, attributes } = declaration;
  const { comment } = attributes;
  if (comment === undefined) return;
  const found = columnNamed(await draft.table(table), column)?.comment ?? null;
  if (found !== null && isRestoring(draft, declaration)) return;
  if (comment !== found) draft.add(columnComment(table, column, comment));
}

/** Whether a declaration is that of an undone removal, which restores the column as it was. */
export function isRestoring({ run }: Draft, { kind }: ColumnDeclaration): boolean {
  return run.direction === 'down' && kind !== 'changeColumn';
}

/** Gives a table that was there before the declared comment. */
export async function planTableComment(
  draft: Draft,
  table: string,
  comment: string | undefined,
): Promise<void> {
  if (comment === undefined) return;
  const found = (await draft.table(table)).comment;
  if (found !== null && draft.run.direction === 'down') return;
  if (comment !== found) draft.add(tableComment(table, comment));
}

/** The steps that give a table which has just been created its comments. */
export function commentsOfNew({ name, comment, columns }: Pick<Table, 'name'> & Comments): Step[] {
  return [
    ...(comment == null ? [] : [tableComment(name, comment)]),
    ...columns.flatMap((column) =>
      column.comment == null ? [] : [columnComment(name, column.name, column.comment)],
    ),
  ];
}

interface Comments {
  readonly comment: string | null | undefined;
  readonly columns: readonly { readonly name: string; readonly comment: string | null | undefined }[];
}

function tableComment(table: string, comment: string): Step {
  return commentOn(table, `table ${table}`, `TABLE ${quoteIdentifier(table)}`, comment);
}

export function columnComment(table: string, column: string, comment: string): Step {
  const target = `COLUMN ${quoteIdentifier(table)}.${quoteIdentifier(column)}`;
  return commentOn(table, `column ${table}.${column}`, target, comment);
}

function commentOn(table: string, what: string, target: string, comment: string): Step {
  const sql = `COMMENT ON ${target} IS ${quoteLiteral(comment)}`;
  return alterStep(table, `set the comment of ${what}`, sql, 'SHARE UPDATE EXCLUSIVE');
}
