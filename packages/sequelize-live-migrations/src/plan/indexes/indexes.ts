import { type Index, indexNamed } from '../../catalog';
import type { AddIndex } from '../../vocabulary';
import { declareIndex } from '../declared/declarations';
import { indexDifferences } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { isMadeAgain } from '../draft/made-again';
import { copiesOf } from '../recognised/overlap';
import { duplicatesConflict } from './duplicates';
import { dropKeysTo } from './keys-to-unique';
import { createIndex, declaredIndex, dropIndex } from './index-steps';
import { nameTaken } from './name-taken';
import { buildOnPartitions, dropFromPartitions } from './partitioned-index';

export async function planAddIndex(draft: Draft, change: AddIndex): Promise<void> {
  const table = await draft.table(change.table);
  const found = indexNamed(table, change.name);
  if (found && (await isMadeAgain(draft, change, (again) => isIndexOf(draft, again, found)))) return;
  const declared = await declareIndex(draft, change);
  const desired = declaredIndex(declared.tables.get(table.name), change.name);
  if (found && (draft.refuse(...indexDifferences(desired, found)) || found.valid)) return;
  draft.refuse(...(await duplicatesConflict(draft, table, desired)));
  const isConcurrent = await draft.rows.existIn(table);
  if (isConcurrent && !found && draft.refuse(...(await nameTaken(draft, table, change.name)))) return;
  if (isConcurrent && draft.live.isPartitioned(table)) {
    await buildOnPartitions(draft, table, { index: desired }, found !== undefined);
    return;
  }
  if (!found) {
    draft.addDeclared(declared, [createIndex(table.name, desired, isConcurrent)]);
    return;
  }
  // A concurrent build that failed leaves an invalid index, which every write maintains and no query uses.
  draft.add(dropIndex(table.name, found.name, isConcurrent), createIndex(table.name, desired, isConcurrent));
}

async function isIndexOf(draft: Draft, change: AddIndex, found: Index): Promise<boolean> {
  const { tables } = await declareIndex(draft, change);
  return indexDifferences(declaredIndex(tables.get(change.table), change.name), found).length === 0;
}

export async function planRemoveIndex(draft: Draft, { table: tableName, name }: AddIndex): Promise<void> {
  const table = await draft.find(tableName);
  const found = table && indexNamed(table, name);
  if (found) {
    if (found.unique && !(await dropKeysTo(draft, table, name, `index ${name}`))) return;
    if (draft.live.isPartitioned(table)) {
      // PostgreSQL drops no index of a partitioned table concurrently (manual, DROP INDEX).
      await dropFromPartitions(draft, table, { index: found });
      return;
    }
    const isConcurrent = await draft.rows.existIn(table);
    // The copies first: where the run is cut short in between, the index itself is there to say that they are to go.
    for (const each of [...copiesOf(name, [table], table.indexes), name]) {
      draft.add(dropIndex(tableName, each, isConcurrent));
    }
  }
}
