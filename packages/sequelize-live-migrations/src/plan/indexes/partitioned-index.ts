import {
  createIndexSql,
  fitting,
  type Index,
  type Partition,
  type PartitionIndex,
  type Table,
} from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import { type Difference, indexInWords } from '../draft/compare';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import { createIndex, dropIndex } from './index-steps';

/** An index of a partitioned table with rows, and the partitions of that. */
interface Building {
  readonly table: string;
  readonly index: Index;
  readonly partitions: readonly Partition[];
}

/** Whether an index can be built on each partition by itself: not on a foreign table, nor here on what is in another schema. */
export function canBuildOnPartitions({ place }: Draft, partitions: readonly Partition[]): boolean {
  return partitions.every(({ schema, kind }) => schema === place.schema && kind !== 'f');
}

/**
 * The steps after which an index of a partitioned table is there, without blocking writes (manual, Table Partitioning,
 * Partition Maintenance): declared on the table alone, which makes it invalid; built concurrently on each partition, and
 * attached; with the last one it becomes valid. What an interrupted run has built is attached, or built again where that
 * has not finished.
 */
export function buildOnPartitions(building: Building, isDeclared: boolean): Step[] {
  const { table, index } = building;
  const steps = [
    ...(isDeclared ? [] : [declareIndex(table, index)]),
    ...stepsBelow(building, table, index.name),
  ];
  return [...steps, assertComplete(building)];
}

/** The steps for the partitions of a table, and for the partitions of those. */
function stepsBelow(building: Building, parent: string, parentIndex: string): Step[] {
  return building.partitions
    .filter((partition) => partition.parent === parent)
    .flatMap((partition) => stepsFor(building, partition, parentIndex));
}

function stepsFor(building: Building, partition: Partition, parentIndex: string): Step[] {
  const { index } = building;
  const same = partition.indexes.filter((found) => isSame(found, index));
  const attached = same.find(({ attachedTo }) => attachedTo === parentIndex);
  const name = nameOn(partition, index);
  const own = attached ?? same.find((found) => found.name === name && found.attachedTo === null);
  const made = { ...index, name: own?.name ?? name };
  const attach = attached ? [] : [attachIndex(partition.name, parentIndex, made.name)];
  if (partition.kind === 'p') {
    const declare = own ? [] : [declareIndex(partition.name, made)];
    return [...declare, ...stepsBelow(building, partition.name, made.name), ...attach];
  }
  const unfinished = own && !own.valid ? [dropIndex(partition.name, own.name, true)] : [];
  const build = own?.valid === true ? [] : [withoutShadow(createIndex(partition.name, made, true))];
  return [...unfinished.map(withoutShadow), ...build, ...attach];
}

function isSame({ unique, definition }: PartitionIndex, index: Index): boolean {
  return unique === index.unique && definition === index.definition;
}

/** `pets_2026_by_name`, for an interrupted run to be recognised by. One that would be too long ends in a hash. */
function nameOn({ name }: Partition, index: Index): string {
  return fitting(`${name}_${index.name}`);
}

/** Declares an index on a partitioned table alone, which scans nothing. */
function declareIndex(table: string, index: Index): Step {
  return {
    purpose: `declare index ${index.name} on ${table} without its partitions`,
    sql: createIndexSql(table, index, '', 'ONLY '),
    onShadows: [],
    locks: [{ table, mode: 'SHARE' }],
  };
}

/** Locks the index of the partition as a change of the partition would: whoever plans a query on it waits. */
function attachIndex(table: string, parentIndex: string, name: string): Step {
  return {
    purpose: `attach index ${name} to ${parentIndex}`,
    sql: `ALTER INDEX ${quoteIdentifier(parentIndex)} ATTACH PARTITION ${quoteIdentifier(name)}`,
    onShadows: [],
    locks: [{ table, mode: 'ACCESS EXCLUSIVE' }],
    transaction: 'alone',
  };
}

/** Fails where a partition without the index has come meanwhile: then the index is not valid yet. */
function assertComplete({ index }: Building): Step {
  const name = quoteLiteral(quoteIdentifier(index.name));
  const message = quoteLiteral(`index ${index.name} is not valid yet: a partition has been added meanwhile`);
  const body = `BEGIN IF NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = ${name}::regclass) THEN
  RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = ${message}; END IF; END`;
  return { purpose: `see that index ${index.name} is valid`, sql: `DO ${quoteLiteral(body)}`, onShadows: [] };
}

/** A partition has no shadow. */
function withoutShadow(step: Step): Step {
  return { ...step, onShadows: [] };
}

/** The step that drops an index of a partitioned table, and with it those of the partitions. */
export function dropFromPartitions(
  { name: table }: Table,
  index: string,
  partitions: readonly Partition[],
): Step {
  const tables = [table, ...partitions.map(({ name }) => name)];
  return {
    ...dropIndex(table, index, false),
    locks: tables.map((locked) => ({ table: locked, mode: 'ACCESS EXCLUSIVE' })),
  };
}

/**
 * PostgreSQL builds no index of a partitioned table concurrently, nor one that is made into a constraint: without blocking
 * writes it is made of one index for each partition (manual, Table Partitioning, Partition Maintenance). Found out before
 * the first step, since the build would fail after earlier steps are done.
 *
 * @param onParentSql the statement that declares the index on the partitioned table alone
 */
export function partitionedConflict(table: Table, index: Index, onParentSql: string): Difference {
  const name = quoteIdentifier(index.name);
  return {
    what: `index ${index.name}`,
    expected: indexInWords(index),
    found:
      `${table.name} is a partitioned table with rows, and PostgreSQL builds such an index only while nobody writes. ` +
      `With writes: ${onParentSql}; then for each partition CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ` +
      `and ALTER INDEX ${name} ATTACH PARTITION`,
  };
}
