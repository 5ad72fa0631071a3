import {
  addForeignKeySql,
  foreignKeySql,
  type ForeignKey,
  orphansSql,
  referencesSame,
  type Table,
} from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { type AddForeignKey, foreignKeysOf, isForeignKey } from '../../vocabulary';
import { distributableKey } from '../citus/calls';
import { referringLocally } from '../citus/conflicts';
import { onShadow } from '../declared/as-declared';
import { declareConstraint } from '../declared/declarations';
import { type Difference, difference, foreignKeyInWords } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { isKeyOfLater } from '../draft/gone-later';
import { violationsOf } from '../draft/violations';
import { canBuildOnPartitions } from '../indexes/partitioned-index';
import { copiesOf } from '../recognised/overlap';
import { convergeForeignKey, dropForeignKey, interimName, sameKey } from './foreign-key-steps';
import { addToPartitions } from './partitioned-keys';

/** Adds a foreign key that is declared by itself. Refused where another constraint has its name. */
export async function planAddForeignKey(draft: Draft, change: AddForeignKey): Promise<void> {
  if (await isKeyOfLater(draft, change)) return;
  const table = await draft.table(change.table);
  await draft.table(change.references.table);
  const keyNamed = ({ foreignKeys }: Table) => foreignKeys.find(({ name }) => name === change.name);
  const desired = onShadow(`Foreign key ${change.name}`, keyNamed(await declareConstraint(draft, change)));
  const namesake = keyNamed(table);
  if (namesake && !referencesSame(namesake, desired)) {
    const what = `constraint ${change.name} of table ${table.name}`;
    draft.refuse(...difference(what, foreignKeyInWords(desired), foreignKeyInWords(namesake)));
    return;
  }
  await planForeignKey(draft, table.name, underNameFound(table, desired));
}

/**
 * Drops a foreign key that is declared by itself. An undo restores the one that an earlier migration has declared for the
 * same columns, with other actions.
 */
export async function planRemoveForeignKey(draft: Draft, change: AddForeignKey): Promise<void> {
  const table = await draft.find(change.table);
  const key = table?.foreignKeys.find(({ name }) => name === change.name);
  if (!table || !key) return;
  const before = draft.run.direction === 'down' ? keyDeclaredBefore(draft, change) : undefined;
  if (before) {
    const { name, onUpdate, onDelete } = before;
    await planForeignKey(draft, table.name, { ...key, name, onUpdate, onDelete });
    return;
  }
  const inOverlap = [table, await draft.find(key.references.table)];
  const names = [...copiesOf(key.name, inOverlap, table.foreignKeys), key.name];
  draft.add(...names.map((name) => dropForeignKey(table, { ...key, name })));
}

/** The foreign key of the same columns that was declared before; undefined where none was, or one that a migration has removed. */
function keyDeclaredBefore({ earlier }: Draft, change: AddForeignKey): AddForeignKey | undefined {
  const columnsOf = ({ table, fields, references }: AddForeignKey) =>
    [table, fields, references.table, references.fields].join();
  const isSame = (key: AddForeignKey) => columnsOf(key) === columnsOf(change);
  const removal = earlier.findLastIndex(
    (one) => one.kind === 'removeConstraint' && isForeignKey(one.undoes) && isSame(one.undoes),
  );
  const since = earlier.slice(removal + 1).filter((one) => !('undoes' in one));
  return since.flatMap(foreignKeysOf).findLast(isSame);
}

/**
 * Plans that there is one foreign key between the desired columns, with the desired actions. Refused where there are
 * orphaned rows: whether to delete or to correct them is not for a migration to decide.
 */
export async function planForeignKey(draft: Draft, tableName: string, declared: ForeignKey): Promise<void> {
  const table = await draft.table(tableName);
  const key = distributableKey(declared, table.distributedBy);
  const parent = await draft.table(key.references.table);
  const conflicts = [
    ...(draft.live.isUnlogged(table) ? [] : unloggedParents(draft, [parent])),
    ...referringLocally(draft.place, table, parent, key),
  ];
  if (draft.refuse(...conflicts)) return;
  const isValid = table.foreignKeys.some((other) => other.valid && referencesSame(key, other));
  const orphans = isValid ? [] : await orphansOf(draft, table, parent, key);
  if (draft.refuse(...orphans)) return;
  const isVerifiedAtOnce = draft.live.isPartitioned(table) && !(await draft.isFound(SINCE_VERSION_18));
  const areOnPartitions = isVerifiedAtOnce && !sameKey(table, key) && (await draft.rows.existIn(table));
  const partitions = areOnPartitions ? await draft.live.partitionsOf(table) : [];
  if (!canBuildOnPartitions(draft, partitions)) {
    draft.refuse(partitionedKeyConflict(table, key));
    return;
  }
  const possible = { canBeNotValid: !isVerifiedAtOnce, canBeRenamed: !draft.place.citus };
  const before = (added: ForeignKey) => addToPartitions(partitions, added);
  draft.add(...convergeForeignKey(table, key, { ...possible, before }));
}

function orphansOf(draft: Draft, table: Table, parent: Table, key: ForeignKey): Promise<Difference[]> {
  return violationsOf(draft, {
    table,
    others: [parent],
    isFound: () => draft.rows.areOrphaned(table, parent, key),
    query: (source) => orphansSql(source(table), source(parent), key),
    difference: (query) => ({
      what: `table ${table.name}`,
      expected: foreignKeyInWords(key),
      found: `orphaned rows: ${query};`,
    }),
  });
}

/**
 * That tables to which a table refers are unlogged: PostgreSQL refuses that, because a crash empties them (manual, CREATE
 * TABLE, UNLOGGED).
 */
export function unloggedParents(draft: Draft, parents: readonly Table[]): Difference[] {
  return parents
    .filter((parent) => draft.live.isUnlogged(parent))
    .map(({ name }) => ({
      what: `table ${name}`,
      expected: 'one that is logged, because a foreign key is to refer to it',
      found: `an unlogged one, which a crash empties: ALTER TABLE ${quoteIdentifier(name)} SET LOGGED, at a quiet hour`,
    }));
}

/** The desired foreign key, under the name that it has where it is there already: somebody may have given it that. */
export function underNameFound(table: Table, desired: ForeignKey): ForeignKey {
  const found = sameKey(table, desired);
  return found && found.name !== interimName(desired) ? { ...desired, name: found.name } : desired;
}

/** Before it, a foreign key of a partitioned table cannot be `NOT VALID` (release notes of PostgreSQL 18). */
const SINCE_VERSION_18 = "SELECT WHERE current_setting('server_version_num')::integer >= 180000";

/** Refused where it cannot be added to each partition by itself: all rows would be read while nobody can write. */
function partitionedKeyConflict(table: Table, key: ForeignKey): Difference {
  return {
    what: `table ${table.name}`,
    expected: foreignKeyInWords(key),
    found:
      'a partitioned table with rows, of which PostgreSQL before version 18 verifies all at once, while nobody writes. ' +
      `With writes: for each partition ALTER TABLE … ADD ${foreignKeySql(key)} NOT VALID, and VALIDATE CONSTRAINT; then ` +
      addForeignKeySql(table.name, { ...key, valid: true }),
  };
}
