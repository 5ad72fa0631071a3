import type { Catalog, Table } from '../catalog';
import { isKeptAside, withoutKeptAside } from '../plan';
import { quoteLiteral, quoteQualified } from '../postgres';
import type { Both } from './column-attributes';
import { call, type Call, type Proposal, sqlProposal } from './call';
import { addedColumns, changedColumns, removedColumns } from './changed-columns';
import { changedPrimaryKey } from './changed-primary-key';
import { changedIndexes, changedKeys, changedUniques } from './changed-indexes';
import { changedDeferrability } from './deferrable-keys';
import { keysBetween, type KeysBetween, withoutKeysBetween } from './keys-between-schemas';
import { newTables, tableAttributes } from './new-tables';
import { inOrderToRun } from './order-of-proposals';
import { type NameChange, renamedColumns, renamedTables } from './renames';

/** What migrations make, and what models declare: the tables of both, as PostgreSQL prints them. */
export interface Catalogs {
  readonly found: Catalog;
  readonly desired: Catalog;
  /** The names of the tables that the models declare. */
  readonly declared: readonly string[];
  /** The schema of all of them; left out: that of the migration log. */
  readonly schema?: string;
}

/** How a migration makes the tables that models declare of those that the migrations before it make. */
export interface Proposals {
  readonly proposals: readonly Proposal[];
  /** What may have got another name only. */
  readonly renames: readonly NameChange[];
  /** The tables that the migrations make and no model declares, with what would remove them. */
  readonly undeclared: readonly Proposal[];
  /** The foreign keys to tables of other schemas, which are there when all of these have been migrated. */
  readonly between: KeysBetween;
}

/**
 * Compares what migrations make with what models declare. Pure: what the statements do on a table with rows is for the
 * planner to say.
 *
 * What is kept aside is not there any more, and what models cannot declare (checks, exclusion constraints, keys of several
 * columns, generated values) is left.
 */
export function proposalsFor({ found: all, desired: declaredAll, declared, schema }: Catalogs): Proposals {
  const isOwn = (table: string) => all.tables.has(table) || declaredAll.tables.has(table);
  const inUse = { ...all, tables: tablesInUse(all.tables) };
  const found = withoutKeysBetween(inUse, isOwn);
  const desired = withoutKeysBetween(declaredAll, isOwn);
  const isDeclared = ({ name }: Table) => declared.includes(name);
  const wanted = [...desired.tables.values()].filter(isDeclared);
  const between = keysBetween(inUse, [...declaredAll.tables.values()].filter(isDeclared), isOwn);
  const both = wanted.flatMap((table): Both[] => {
    const there = found.tables.get(table.name);
    return there ? [{ found: { catalog: found, table: there }, desired: { catalog: desired, table } }] : [];
  });
  const come = wanted.filter(({ name }) => !found.tables.has(name));
  const gone = [...found.tables.values()].filter(({ name }) => !desired.tables.has(name));
  const renames = [...renamedTables(found, gone, desired, come), ...both.flatMap(renamedColumns)];
  const keys = both.map(changedKeys);
  const uniques = both.map(changedUniques);
  const indexes = both.map(changedIndexes);
  const proposals = inOrderToRun((isLate) => [
    ...[...keys, ...uniques, ...indexes].flatMap(({ before }) => before),
    ...newTables(desired, come, isLate),
    ...both.flatMap((one) => [...addedColumns(one, isLate), ...changedColumns(one)]),
    ...both.flatMap((one) => removedColumns(one, isLate)),
    ...both.flatMap(changedPrimaryKey),
    ...both.flatMap((one) => changedComment(one, schema)),
    ...[...uniques, ...keys, ...indexes].flatMap(({ after }) => after),
  ]);
  const deferred = wanted.flatMap((table) =>
    changedDeferrability(found.tables.get(table.name), table, schema),
  );
  return {
    proposals: [...proposals, ...deferred],
    renames,
    undeclared: gone.map((table) => droppedTable(found, table)),
    between: { schema, ...between },
  };
}

function tablesInUse(tables: Catalog['tables']): Catalog['tables'] {
  const kept = [...tables.values()].filter(({ comment }) => !isKeptAside(comment));
  return new Map(kept.map((table) => [table.name, withoutKeptAside(table)]));
}

/** Says of new columns and tables which ones they may have been, and what to write then. */
export function withRenames(proposals: readonly Proposal[], renames: readonly NameChange[]): Proposal[] {
  return proposals.map((proposal) => {
    const meant = renames.filter((rename) => proposal.up.some((added) => isOfNew(rename, added)));
    const [first] = meant;
    if (!first) return proposal;
    const what = first.kind === 'renameTable' ? first.to : `${first.table}.${first.to}`;
    const were = meant.map(({ from }) => from).join(' or ');
    const note = `If ${what} is ${were} under another name, write this in place of its removal and of its creation:`;
    return { ...proposal, notes: [...proposal.notes, note], instead: meant.map(renameCall) };
  });
}

function isOfNew(rename: NameChange, { method, args }: Call): boolean {
  if (rename.kind === 'renameTable') return method === 'createTable' && args[0] === rename.to;
  return method === 'addColumn' && args[0] === rename.table && args[1] === rename.to;
}

/** Gives a table or a column another name. */
export function renamed(rename: NameChange): Proposal {
  return { up: [renameCall(rename)], notes: [] };
}

/** A rename as the statement of a migration. */
function renameCall({ kind, table, from, to }: NameChange): Call {
  return kind === 'renameTable' ? call(kind, from, to) : call(kind, table, from, to);
}

/** There is no method of Sequelize's that gives a table another comment. */
function changedComment({ found: { table }, desired }: Both, schema: string | undefined): Proposal[] {
  const { comment } = desired.table;
  if (comment === null || comment === table.comment) return [];
  const name = quoteQualified(schema, table.name);
  const set = (text: string | null) =>
    `COMMENT ON TABLE ${name} IS ${text === null ? 'NULL' : quoteLiteral(text)}`;
  return [{ ...sqlProposal({ up: set(comment), down: set(table.comment) }), isLeft: true }];
}

function droppedTable(catalog: Catalog, table: Table): Proposal {
  return {
    up: [],
    notes: [
      `NOT REMOVED: the table ${table.name}, which the migrations make and no model declares. This would remove it; its ` +
        'rows are kept aside, and an undo restores them:',
    ],
    instead: [call('dropTable', table.name, tableAttributes(catalog, table))],
  };
}
