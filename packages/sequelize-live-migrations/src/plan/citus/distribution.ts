import type { Table } from '../../catalog';
import { quoteLiteral } from '../../postgres';
import type { CreateTable } from '../../vocabulary';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { callsFor, type Distribution, distributeSql, referringColumn } from './calls';
import { uniqueWithout, withoutColumn } from './conflicts';

/**
 * How a table that is to be created has to be distributed; undefined where it is not. One that refers to a distributed table
 * goes with that, whether it is declared or not: there is no other way, because on a local table such a foreign key is
 * accepted and does nothing (seen with 12.1 and 13.2: ON DELETE CASCADE deletes no row).
 */
export async function distributionOf(
  draft: Draft,
  { distributeBy }: CreateTable,
  desired: Table,
): Promise<Distribution | undefined> {
  const followed: Distribution[] = [];
  for (const key of desired.foreignKeys) {
    const parent = await draft.find(key.references.table);
    if (parent?.distributedBy === undefined) continue;
    const column = referringColumn(key, parent.distributedBy);
    if (column !== undefined) followed.push({ column, together: parent.name });
    else draft.refuse(withoutColumn(desired, key, parent.distributedBy));
  }
  const isDeclared = distributeBy !== undefined && (await canDistribute(draft));
  const declared = isDeclared ? [{ column: distributeBy, together: undefined }] : [];
  const [found] = [...followed, ...declared];
  const others = [...followed, ...declared].filter(({ column }) => column !== found?.column);
  draft.refuse(...others.map((other) => twoColumns(desired, found?.column ?? '', other)));
  if (found) draft.refuse(...uniqueWithout(desired, found.column));
  return found;
}

/** The step that distributes a table which the steps before it create. */
export function distribute(draft: Draft, table: Table, { column, together }: Distribution): Step {
  return {
    purpose: `distribute table ${table.name} by ${column}${together === undefined ? '' : `, together with ${together}`}`,
    sql: distributeSql(draft.place, table.name, column, together),
    onShadows: [],
  };
}

/** What to report of a table that is not quite as it is declared. */
export function distributionNotices(declared: Table, made: Table): string[] {
  const { name, primaryKey, distributedBy } = made;
  if (!primaryKey || distributedBy === undefined || primaryKey.columns === declared.primaryKey?.columns)
    return [];
  const [key, isDeclared] = [primaryKey, declared.primaryKey].map((one) => (one?.columns ?? []).join(', '));
  return [
    `table ${name} is distributed by ${distributedBy}: its primary key is (${String(key)}), because Citus accepts no other, so ` +
      `(${String(isDeclared)}) alone is not unique`,
  ];
}

/** That a table is not distributed as it is declared. It may have rows, which are copied while nobody writes to it. */
export async function undistributed(
  draft: Draft,
  { distributeBy }: CreateTable,
  found: Table,
): Promise<void> {
  const { name, distributedBy } = found;
  if (distributeBy === undefined || distributedBy === distributeBy || !(await canDistribute(draft))) return;
  if (distributedBy !== undefined) {
    const what = `table ${name}`;
    draft.refuse({
      what,
      expected: `distributed by ${distributeBy}`,
      found: `distributed by ${distributedBy}`,
    });
    return;
  }
  draft.notice(
    `table ${name} is not distributed, and its migration declares that it is. At a quiet hour, because nobody can write to it ` +
      `meanwhile: ${callsFor(draft.place, found, distributeBy, undefined)}`,
  );
}

/** Whether tables of the schema can be distributed by a column: there is Citus, and the schema is not distributed as a whole. */
async function canDistribute(draft: Draft): Promise<boolean> {
  const { citus, schema } = draft.place;
  if (!citus) return false;
  if (!(await draft.isFound("SELECT 1 WHERE to_regclass('pg_dist_schema') IS NOT NULL"))) return true; // before 12
  return !(await draft.isFound(
    `SELECT 1 FROM pg_dist_schema WHERE schemaid = to_regnamespace(quote_ident(${quoteLiteral(schema)}))`,
  ));
}

function twoColumns({ name }: Table, column: string, { column: other, together }: Distribution): Difference {
  return {
    what: `table ${name}`,
    expected: `distributed by ${column}`,
    found:
      together === undefined
        ? `{ distributeBy: '${other}' }: declare '${column}', as the table to which it refers has it`
        : `that it refers to ${together} by ${other} as well, which is distributed, too: have each node store all of one of the two`,
  };
}
