import {
  addConstraintSql,
  type Constraint,
  createIndexSql,
  fitting,
  type Index,
  type Partition,
  type PartitionIndex,
  type Table,
} from '../../catalog';
import type { Place } from '../../place';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import { alterStep, dropConstraint } from '../draft/alter';
import { type Difference, indexInWords } from '../draft/compare';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { addConstraintUsing, createIndex, dropIndex } from './index-steps';

/** An index of a partitioned table. */
interface OfPartitioned {
  readonly index: Index;
  /** The unique constraint that owns it, or is to own it, if one is. */
  readonly constraint?: Constraint;
}

/** Such an index, and the partitions of its table. */
interface Building extends OfPartitioned {
  readonly table: string;
  readonly partitions: readonly Partition[];
}

async function buildingOn(draft: Draft, table: Table, what: OfPartitioned): Promise<Building> {
  return { ...what, table: table.name, partitions: await draft.live.partitionsOf(table) };
}

/** Whether each partition can be changed by itself: not a foreign table, nor here what is in another schema. */
export function canBuildOnPartitions({ place }: Draft, partitions: readonly Partition[]): boolean {
  return partitions.every((partition) => isChangeable(place, partition));
}

function isChangeable({ schema: here }: Place, { schema, kind }: Partition): boolean {
  return schema === here && kind !== 'f';
}

/**
 * Adds the steps after which an index of a partitioned table with rows is there, without blocking writes (manual, Table
 * Partitioning, Partition Maintenance): declared on the table alone, which makes it invalid; built concurrently on each
 * partition, made into a constraint of that where one is to own it, and attached; with the last one it becomes valid. What
 * an interrupted run has built is attached, or built again where that has not finished. Refused where a partition cannot be
 * changed by itself, before the first step, since the build would fail after earlier steps are done.
 */
export async function buildOnPartitions(
  draft: Draft,
  table: Table,
  what: OfPartitioned,
  isDeclared: boolean,
): Promise<void> {
  const building = await buildingOn(draft, table, what);
  if (!canBuildOnPartitions(draft, building.partitions)) {
    draft.refuse(partitionedConflict(building));
    return;
  }
  const { name } = building.index;
  draft.add(
    ...(isDeclared ? [] : [declare(building, table.name, name)]),
    ...stepsBelow(building, null, name),
    assertComplete(building),
  );
}

/** The steps for the partitions of a table, and for the partitions of those. */
function stepsBelow(building: Building, parent: string | null, parentIndex: string): Step[] {
  return building.partitions
    .filter((partition) => partition.parent === parent)
    .flatMap((partition) => stepsFor(building, partition, parentIndex));
}

function stepsFor(building: Building, partition: Partition, parentIndex: string): Step[] {
  const { index, constraint } = building;
  const attached = sameIndexes(building, partition).find(({ attachedTo }) => attachedTo === parentIndex);
  const own = attached ?? ownIndex(building, partition);
  const name = own?.name ?? nameOn(partition, index);
  if (partition.kind === 'p') {
    return [
      ...(own ? [] : [declare(building, partition.name, name)]),
      ...stepsBelow(building, partition.name, name),
      ...(attached ? [] : [attachIndex(partition, parentIndex, name, [])]),
    ];
  }
  const unfinished = own && !own.valid ? [dropIndex(partition.name, own.name, true)] : [];
  const build = own?.valid === true ? [] : [createIndex(partition.name, { ...index, name }, true)];
  const using = constraint && own?.isOfConstraint !== true ? [addConstraintUsing(partition.name, name)] : [];
  return [
    ...[...unfinished, ...build].map(withoutShadow),
    ...(attached ? [] : [attachIndex(partition, parentIndex, name, using)]),
  ];
}

/** The indexes of a partition that are like the one that is built. */
function sameIndexes({ index }: Building, { indexes }: Partition): PartitionIndex[] {
  return indexes.filter((found) => isSame(found, index));
}

/** The one that an interrupted run has made and not attached. */
function ownIndex(building: Building, partition: Partition): PartitionIndex | undefined {
  const name = nameOn(partition, building.index);
  return sameIndexes(building, partition).find((found) => found.name === name && found.attachedTo === null);
}

function isSame({ unique, definition }: PartitionIndex, index: Index): boolean {
  return unique === index.unique && definition === index.definition;
}

/** `pets_2026_by_name`, for an interrupted run to be recognised by. One that would be too long ends in a hash. */
function nameOn({ name }: Partition, index: Index): string {
  return fitting(`${name}_${index.name}`);
}

/**
 * Declares an index, or the constraint that is to own it, on a partitioned table alone, which scans nothing.
 *
 * @param on the table; its partitions have no shadows
 */
function declare(building: Building, on: string, name: string): Step {
  const { table, constraint } = building;
  const purpose = `declare ${constraint ? 'constraint' : 'index'} ${name} on ${on} without its partitions`;
  const sql = declarationSql(building, on, name, 'ONLY ');
  const step = alterStep(on, purpose, sql, constraint ? 'ACCESS EXCLUSIVE' : 'SHARE');
  return { ...step, onShadows: on === table ? [declarationSql(building, on, name, '')] : [] };
}

function declarationSql(
  { index, constraint }: OfPartitioned,
  on: string,
  name: string,
  only: 'ONLY ' | '',
): string {
  return constraint
    ? addConstraintSql(on, { ...constraint, name }, only)
    : createIndexSql(on, { ...index, name }, '', only);
}

/**
 * Locks the index of the partition as a change of the partition would: whoever plans a query on it waits.
 *
 * @param before statements to run first, in the same transaction
 */
function attachIndex(
  { name: table }: Partition,
  parentIndex: string,
  name: string,
  before: readonly string[],
): Step {
  const attach = `ALTER INDEX ${quoteIdentifier(parentIndex)} ATTACH PARTITION ${quoteIdentifier(name)}`;
  return {
    ...withoutShadow(
      alterStep(table, `attach index ${name} to ${parentIndex}`, [...before, attach].join(';\n')),
    ),
    transaction: 'alone',
  };
}

/** Fails where a partition without the index has come meanwhile: then the index is not valid yet. */
function assertComplete({ index }: Building): Step {
  const name = quoteLiteral(quoteIdentifier(index.name));
  const message = quoteLiteral(`index ${index.name} is not valid yet: a partition has been added meanwhile`);
  const body = `BEGIN IF NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = ${name}::regclass) THEN
  RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = ${message}; END IF; END`;
  return {
    purpose: `see that index ${index.name} is valid`,
    sql: `DO ${quoteLiteral(body)}`,
    onShadows: [`COMMENT ON INDEX ${quoteIdentifier(index.name)} IS NULL`], // it is not invalid any more
  };
}

/** A partition has no shadow. */
function withoutShadow(step: Step): Step {
  return { ...step, onShadows: [] };
}

/**
 * Adds the steps that drop an index of a partitioned table, or the constraint that owns it, and with it those of the partitions;
 * before that, what a run that was cut short has built and not attached.
 */
export async function dropFromPartitions(draft: Draft, table: Table, what: OfPartitioned): Promise<void> {
  const building = await buildingOn(draft, table, what);
  const { index, constraint } = building;
  // The others are locked with the table (manual, LOCK).
  const partitions = building.partitions.filter((partition) => isChangeable(draft.place, partition));
  for (const partition of partitions) {
    const own = ownIndex(building, partition);
    const isConcurrent = partition.kind !== 'p';
    if (own) draft.add(withoutShadow(dropOn(partition.name, own.name, own.isOfConstraint, isConcurrent)));
  }
  const tables = [table, ...partitions].map(({ name }) => name);
  const locks = tables.map((locked) => ({ table: locked, mode: 'ACCESS EXCLUSIVE' as const }));
  draft.add({ ...dropOn(table.name, index.name, constraint !== undefined, false), locks });
}

function dropOn(table: string, name: string, isOfConstraint: boolean, isConcurrent: boolean): Step {
  return isOfConstraint ? dropConstraint(table, name) : dropIndex(table, name, isConcurrent);
}

/** For an index, or the constraint that is to own it, that cannot be built on each partition by itself. */
function partitionedConflict(building: Building): Difference {
  const { table, index } = building;
  return {
    what: `index ${index.name}`,
    expected: indexInWords(index),
    found:
      `${table} is a partitioned table with rows, and PostgreSQL builds such an index only while nobody writes. ` +
      `With writes: ${declarationSql(building, table, index.name, 'ONLY ')}; then for each partition CREATE ` +
      `${index.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY and ALTER INDEX ${quoteIdentifier(index.name)} ATTACH PARTITION`,
  };
}
