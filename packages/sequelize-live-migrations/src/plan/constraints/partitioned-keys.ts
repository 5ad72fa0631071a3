import { type ForeignKey, foreignKeySql, hashOf, type Partition } from '../../catalog';
import { LONGEST_NAME } from '../../postgres';
import { cutName } from '../../vocabulary';
import type { Step } from '../draft/step';
import { validateConstraint } from './constraint-steps';
import { addForeignKey, isSameKey } from './foreign-key-steps';

/**
 * The steps after which each partition has a foreign key of its own, `NOT VALID` first and then validated, so that writes go
 * on. When it is then added to the partitioned table, which before PostgreSQL 18 cannot be `NOT VALID`, those of the partitions
 * are attached, and none of their rows is read again (seen with 14 to 17). What an interrupted run has made is found.
 */
export function addToPartitions(partitions: readonly Partition[], key: ForeignKey): Step[] {
  return partitions.filter(({ kind }) => kind !== 'p').flatMap((partition) => addTo(partition, key));
}

function addTo(partition: Partition, key: ForeignKey): Step[] {
  const found = partition.foreignKeys.find(
    (other) => isSameKey(other, key) && other.deferrable === key.deferrable,
  );
  const { name, valid } = found ?? { ...key, name: nameOn(key), valid: false };
  const add = {
    ...addForeignKey(partition, { ...key, name, valid }),
    purpose: `add foreign key ${name} to ${partition.name}`,
  };
  const validate = validateConstraint(partition, name, `validate foreign key ${name} of ${partition.name}`);
  const steps = [...(found ? [] : [add]), ...(valid ? [] : [validate])];
  return steps.map((step) => ({ ...step, onShadows: [] })); // a partition has no shadow
}

/** A name that another key of the same columns does not have: a partition may have that, too, until it is replaced. */
function nameOn(key: ForeignKey): string {
  const ending = `_${hashOf(foreignKeySql(key))}`;
  return cutName(key.name, LONGEST_NAME - Buffer.byteLength(ending)) + ending;
}
