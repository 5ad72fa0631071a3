import { keptAsideNames, replacedName } from '../../catalog';
import type { Draft } from '../draft/draft';
import type { MigrationRun } from '../draft/migration-run';
import { RefusedError } from '../draft/refused-error';
import type { Step } from '../draft/step';
import {
  isKeptAsideBy,
  isReplacedBy,
  keptAsideCommentSql,
  replacedCommentSql,
  restoredCommentSql,
} from '../recognised/kept-aside-comment';

// What a migration removes may be wanted again. It is renamed, which changes only the catalog and leaves the indexes,
// constraints and foreign keys in place. The same migration in the other direction renames it back.

/** A column or a table that can be kept aside. */
export interface Removable {
  /** `column pets.status` */
  readonly what: string;
  readonly name: string;
  /** The column or table that has a name at present. What follows is asked only of a name that one has. */
  readonly find: (name: string) => Promise<Found | undefined>;
  /** Which of some names something else may have, that is no column or table: a view has that of a table. */
  readonly takenElsewhere: (names: readonly string[]) => Promise<readonly string[]>;
  /** Why what has a name may not be dropped; undefined where it has no data and nothing depends on it. */
  readonly reasonToKeep: (name: string) => Promise<string | undefined>;
  /** The step that renames it. */
  readonly rename: (from: string, to: string) => Promise<Step>;
  /** The step that drops what has a name to which nobody writes any more. */
  readonly drop: (name: string) => Promise<Step>;
  /** How SQL refers to it: `TABLE "toys"`. */
  readonly commentedAs: (name: string) => string;
  /** The statements that copy the data of what has its name to what is kept aside. */
  readonly merge: (asideName: string) => Promise<readonly string[]>;
  /** The statement that drops what has a name. */
  readonly dropSql: (name: string) => string;
}

interface Found {
  readonly comment: string | null;
}

/**
 * Plans to rename something, so that the application does not see it any more. Where an interrupted run has done that
 * already, there is nothing to rename: what has the name by now, the same migration has created since.
 *
 * @returns the name under which it is kept; undefined where there is nothing to keep
 */
export async function keepAside(draft: Draft, removable: Removable): Promise<string | undefined> {
  const { what, name } = removable;
  const found = await removable.find(name);
  const done = await nameKeptAside(draft.run, removable);
  if (!found || done !== undefined) return done;
  const asideName = await freeName(draft, removable);
  const rename = await removable.rename(name, asideName);
  const comment = keptAsideCommentSql(removable.commentedAs(asideName), draft.run, found.comment);
  draft.add({
    ...rename,
    purpose: `keep ${what} aside as ${asideName}`,
    sql: `${rename.sql};\n${comment}`,
  });
  return asideName;
}

/** What else to say of something that is kept aside. */
interface Details {
  /** What somebody has put on it. */
  readonly reasons?: readonly string[];
  /** The statements that drop what else goes with it, to delete it for good. */
  readonly deletedWithIt?: readonly string[];
}

/** What to report of something that is kept aside. */
export function keptAsideNotice(
  { run }: Draft,
  { what, dropSql }: Removable,
  asideName: string,
  { reasons = [], deletedWithIt = [] }: Details = {},
): string {
  const restores = run.direction === 'down' ? 'the next db:migrate' : `undoing ${run.name}`;
  const deletion = ["SET lock_timeout = '300ms'", dropSql(asideName), ...deletedWithIt];
  const others = reasons.length > 0 ? `, and what is on it (${reasons.join('; ')})` : '';
  return (
    `${what} is kept aside as ${asideName}, with all its data${others}: ${restores} restores it. ` +
    `To delete it for good: ${deletion.map((statement) => `${statement};`).join(' ')}`
  );
}

async function freeName({ run, place }: Draft, removable: Removable): Promise<string> {
  const names = keptAsideNames(removable.name, run.name);
  const taken = await removable.takenElsewhere(names);
  for (const name of names) {
    if (!taken.includes(name) && !(await removable.find(name))) return name;
  }
  throw new RefusedError(
    `In database ${place.database}, schema ${place.schema}, ${removable.what} would be kept aside, but ` +
      `${names.join(' and ')} are there already. Nothing of this migration was done. Rename one of them, and run the ` +
      'same command again.',
  );
}

/**
 * Plans to restore what this migration has kept aside, if anything is. Where something has been created in its place
 * since, most likely by the application's `sync()`, the one that has data stays. The other one is renamed first: nobody
 * writes to it then, so it can be searched for as long as that takes, and dropped if it is still empty.
 *
 * @throws RefusedError where both have data
 */
export async function restore(draft: Draft, removable: Removable): Promise<void> {
  const { name } = removable;
  const oldName = replacedName(name);
  const asideName = await nameToRestore(draft, removable);
  // What an interrupted run has left.
  const dropReplaced = (await isLeftover(draft, removable, oldName)) ? [await removable.drop(oldName)] : [];
  if (asideName === undefined) {
    draft.add(...dropReplaced);
  } else if (!(await removable.find(name))) {
    await renameBack(draft, removable, asideName);
    draft.add(...dropReplaced);
  } else if ((await removable.reasonToKeep(asideName)) === undefined) {
    draft.add(await removable.drop(asideName), ...dropReplaced);
  } else {
    await assertReplaceable(draft, removable, asideName, oldName);
    draft.add(...dropReplaced);
    await giveWay(draft, removable, oldName);
    await renameBack(draft, removable, asideName);
    draft.add(await removable.drop(oldName));
  }
}

/** The name under which a migration, in its direction, has kept something aside. */
export async function nameKeptAside(run: MigrationRun, removable: Removable): Promise<string | undefined> {
  for (const name of keptAsideNames(removable.name, run.name)) {
    const found = await removable.find(name);
    if (found && isKeptAsideBy(run, found.comment)) return name;
  }
  return undefined;
}

/** The same of what it has kept aside in the other direction: that it restores. */
export function nameToRestore({ run }: Draft, removable: Removable): Promise<string | undefined> {
  return nameKeptAside({ ...run, direction: run.direction === 'up' ? 'down' : 'up' }, removable);
}

/** Whether an interrupted run has left what has given way, and nobody has written to it. By its comment: the name says nothing. */
async function isLeftover({ run }: Draft, removable: Removable, name: string): Promise<boolean> {
  const found = await removable.find(name);
  return (
    found !== undefined &&
    isReplacedBy(run, found.comment) &&
    (await removable.reasonToKeep(name)) === undefined
  );
}

/** Renames what has the name of something that is restored. */
async function giveWay(draft: Draft, removable: Removable, oldName: string): Promise<void> {
  const { name } = removable;
  const found = await removable.find(name);
  const rename = await removable.rename(name, oldName);
  const comment = replacedCommentSql(removable.commentedAs(oldName), draft.run, found?.comment ?? null);
  draft.add({ ...rename, sql: `${rename.sql};\n${comment}` });
}

/** @param comment the one that it gets; left out: the one that it had before it was kept aside */
export async function renameBack(
  draft: Draft,
  removable: Removable,
  asideName: string,
  comment?: string | null,
): Promise<void> {
  const { what, name } = removable;
  const given = comment === undefined ? (await removable.find(asideName))?.comment : comment;
  const rename = await removable.rename(asideName, name);
  draft.add({
    ...rename,
    purpose: `restore ${what}, which was kept aside`,
    sql: `${rename.sql};\n${restoredCommentSql(removable.commentedAs(name), given ?? null)}`,
  });
}

/** @throws RefusedError where what is in the place of something kept aside has data, or its next name is taken */
async function assertReplaceable(
  draft: Draft,
  removable: Removable,
  asideName: string,
  oldName: string,
): Promise<void> {
  const { what, name } = removable;
  const { database, schema } = draft.place;
  const twice =
    `In database ${database}, schema ${schema}, ${what} is there, and so is ${asideName}, which ${draft.run.name} ` +
    'has kept aside';
  if ((await removable.find(oldName)) && !(await isLeftover(draft, removable, oldName))) {
    throw new RefusedError(
      `${twice}, and ${oldName}, which an earlier merge has left. Nothing of this migration was done. When ${oldName} is ` +
        `not needed any more, run ${removable.dropSql(oldName)}; and then run the same command again.`,
    );
  }
  const reason = await removable.reasonToKeep(name);
  if (reason === undefined) return;
  const merge = [
    'BEGIN',
    "SET LOCAL lock_timeout = '2s'",
    'SET LOCAL row_security = off',
    ...(await removable.merge(asideName)),
    (await removable.rename(name, oldName)).sql,
    'COMMIT',
  ];
  throw new RefusedError(
    `${twice}, and both hold data (${name}: ${reason}). Nothing of this migration was done. Run this with psql, ` +
      'which merges the two and blocks writes to the table meanwhile, and then run the same command again:\n' +
      merge.map((statement) => `  ${statement.replaceAll('\n', '\n  ')};\n`).join('') +
      `What was created in its place stays as ${oldName}, with all its data, until you run: ${removable.dropSql(oldName)};`,
  );
}
