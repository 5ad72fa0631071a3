import { type Inspection, replacedName, keptAsideName, type Table } from '../catalog';
import { RefusedError } from './refused-error';
import { quoteLiteral } from '../postgres';
import { type Plan, type Step, steps } from './step';

// An undo does not destroy data that somebody may want to have again. It renames the column or table, which changes
// only the catalog and leaves the indexes, constraints and foreign keys in place. The next `up` renames it back.

/** A column or a table that can be kept aside. */
export interface Removable {
  /** `column pets.status` */
  readonly what: string;
  readonly name: string;
  /** The column or table that has a name at present. */
  readonly find: (name: string) => Found | undefined;
  /** The step that renames it. */
  readonly rename: (from: string, to: string) => Step;
  /** The step that drops what has a name to which nobody writes any more. */
  readonly drop: (name: string) => Step;
  /** How SQL refers to it: `TABLE "toys"`. */
  readonly commentedAs: (name: string) => string;
  /** The statements that copy the data of what has its name to what is kept aside. */
  readonly merge: readonly string[];
  /** The statement that drops what has a name. */
  readonly dropSql: (name: string) => string;
}

export interface Found {
  /** Why it may not be dropped; undefined where it has no data and nothing depends on it. */
  readonly reasonToKeep: string | undefined;
  readonly comment: string | null;
}

/**
 * Plans to keep something aside, so that the application does not see it any more.
 *
 * @param migration the one that is undone, for the comment
 * @param deletedWithIt what else the notice says to drop, to delete it for good
 */
export function keepAside(
  inspection: Inspection,
  removable: Removable,
  { migration, deletedWithIt }: { readonly migration: string; readonly deletedWithIt: readonly string[] },
): Plan {
  const { what, name } = removable;
  const asideName = keptAsideName(name);
  const current = removable.find(name);
  const { kept, before, after } = resolveDuplicate(inspection, removable);
  if (!current || kept !== name) return steps(...before, ...after);
  const comment = commentSql(
    removable.commentedAs(asideName),
    `${quoteLiteral(`${MARK}${migration}, at `)} || date_trunc('second', now()) || ` +
      quoteLiteral(`${MARK_END}${current.comment === null ? '' : `\n\n${current.comment}`}`),
  );
  const rename = removable.rename(name, asideName);
  const deletion = ["SET lock_timeout = '300ms'", removable.dropSql(asideName), ...deletedWithIt];
  return {
    steps: [
      ...before,
      { ...rename, purpose: `keep ${what} aside as ${asideName}`, sql: `${rename.sql};\n${comment}` },
    ],
    notices: [
      `${what} is kept aside as ${asideName}, with all its data: the next db:migrate restores it. ` +
        `To delete it for good: ${deletion.map((statement) => `${statement};`).join(' ')}`,
    ],
  };
}

/** Plans to restore what is kept aside, if anything is. */
export function restore(inspection: Inspection, removable: Removable): Plan {
  const { what, name } = removable;
  const asideName = keptAsideName(name);
  const keptAside = removable.find(asideName);
  const { kept, before, after } = resolveDuplicate(inspection, removable);
  if (!keptAside || kept !== asideName) return steps(...before, ...after);
  const rename = removable.rename(asideName, name);
  const comment = commentSql(removable.commentedAs(name), commentBefore(keptAside.comment));
  const restored = {
    ...rename,
    purpose: `restore ${what}, which was kept aside`,
    sql: `${rename.sql};\n${comment}`,
  };
  return steps(...before, restored, ...after);
}

/** Which of two stays, by its name, and the steps to run first and last. */
interface Choice {
  readonly kept: string;
  readonly before: readonly Step[];
  readonly after: readonly Step[];
}

/**
 * Where something exists and is kept aside as well, keeps the one that has data: the other one was created since, most
 * likely by the application's `sync()`. That one is renamed first: nobody writes to it then, so it can be searched for
 * as long as that takes, and dropped if it is still empty.
 *
 * @throws RefusedError where both have data
 */
function resolveDuplicate(inspection: Inspection, removable: Removable): Choice {
  const { name } = removable;
  const asideName = keptAsideName(name);
  const oldName = replacedName(name);
  const current = removable.find(name);
  const keptAside = removable.find(asideName);
  const replaced = removable.find(oldName);
  // What an interrupted run has left.
  const after = replaced && replaced.reasonToKeep === undefined ? [removable.drop(oldName)] : [];
  if (!current || !keptAside) return { kept: current ? name : asideName, before: [], after };
  if (keptAside.reasonToKeep === undefined) {
    return { kept: name, before: [removable.drop(asideName)], after };
  }
  if (replaced?.reasonToKeep !== undefined) throw nameIsTaken(inspection, removable);
  if (current.reasonToKeep !== undefined) throw bothHoldData(inspection, removable, current.reasonToKeep);
  return {
    kept: asideName,
    before: [...after, removable.rename(name, oldName)],
    after: [removable.drop(oldName)],
  };
}

function bothHoldData({ live }: Inspection, removable: Removable, reasonToKeep: string): Error {
  const { what, name } = removable;
  const asideName = keptAsideName(name);
  const oldName = replacedName(name);
  const merge = [
    'BEGIN',
    "SET LOCAL lock_timeout = '2s'",
    'SET LOCAL row_security = off',
    ...removable.merge,
    removable.rename(name, oldName).sql,
    'COMMIT',
  ];
  return new RefusedError(
    `In database ${live.database}, schema ${live.schema}, ${what} is there, and so is ${asideName}, which an undo has ` +
      `kept aside, and both hold data (${name}: ${reasonToKeep}). Nothing of this migration was done. Run this with psql, ` +
      'which merges the two and blocks writes to the table meanwhile, and then run the same command again:\n' +
      merge.map((statement) => `  ${statement};\n`).join('') +
      `What was created in its place stays as ${oldName}, with all its data, until you run: ${removable.dropSql(oldName)};`,
  );
}

/** What an earlier merge has left has the name that this one would need. */
function nameIsTaken({ live }: Inspection, removable: Removable): Error {
  const { what, name } = removable;
  const oldName = replacedName(name);
  return new RefusedError(
    `In database ${live.database}, schema ${live.schema}, ${what} is there, and so are ${keptAsideName(name)}, ` +
      `which an undo has kept aside, and ${oldName}, which an earlier merge has left. Nothing of this migration was done. ` +
      `When ${oldName} is not needed any more, run ${removable.dropSql(oldName)}; and then run the same command again.`,
  );
}

// How the comment on what is kept aside begins, and how its first paragraph ends. Never to be changed, whatever the
// words elsewhere: existing databases have these comments, and an `up` and the documents recognise them by the text.
const MARK = 'Set aside by undoing ';
const MARK_END = '. The next db:migrate puts it back.';

/** Whether a table has the comment of what an undo keeps aside. */
export function isKeptAside({ comment }: Table): boolean {
  return comment?.startsWith(MARK) === true;
}

/** The comment from before the undo, as SQL. */
function commentBefore(comment: string | null): string {
  const before = comment?.startsWith(MARK) ? comment.split('\n\n').slice(1).join('\n\n') : comment;
  return before ? quoteLiteral(before) : 'NULL';
}

/** `COMMENT ON` with the value of an expression: by itself it takes only a literal. */
function commentSql(target: string, expression: string): string {
  const format = quoteLiteral(`COMMENT ON ${target.replaceAll('%', '%%')} IS %L`);
  return `DO ${quoteLiteral(`BEGIN EXECUTE format(${format}, ${expression}); END`)}`;
}
