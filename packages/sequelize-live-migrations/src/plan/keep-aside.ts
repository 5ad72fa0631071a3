import { type Inspection, replacedName, keptAsideName, type Table } from '../catalog';
import { RefusedError } from './refused-error';
import { quoteLiteral } from '../postgres';
import { type Plan, type Step, steps } from './step';

// An undo does not destroy what somebody may want back. It renames it, which takes an instant on a table of any
// size and leaves all that hangs on it in place: indexes, constraints, foreign keys. The next `up` renames it
// back.

/** A column or a table, as the service knows it or under another name. */
export interface Removable {
  /** `column user_sessions.status` */
  readonly what: string;
  readonly name: string;
  /** What there is under a name. */
  readonly find: (name: string) => Found | undefined;
  /** The step of another name. */
  readonly rename: (from: string, to: string) => Step;
  /** The step that drops what has a name and is not written to any more. */
  readonly drop: (name: string) => Step;
  /** What SQL calls it: `TABLE "conversation_messages"`. */
  readonly commentedAs: (name: string) => string;
  /** The statements that bring the data of what the service knows to what was set aside. */
  readonly merge: readonly string[];
  /** The statement that deletes what has a name. */
  readonly dropSql: (name: string) => string;
}

export interface Found {
  /** Why it may not be dropped; undefined where it holds nothing and nothing stands on it. */
  readonly reasonToKeep: string | undefined;
  readonly comment: string | null;
}

/**
 * Takes something out of the service's sight, and keeps it.
 *
 * @param migration the one that is undone, for whoever comes across it
 * @param deletedWithIt what else to delete, where somebody deletes it after all
 */
export function keepAside(
  inspection: Inspection,
  thing: Removable,
  { migration, deletedWithIt }: { readonly migration: string; readonly deletedWithIt: readonly string[] },
): Plan {
  const name = keptAsideName(thing.name);
  const own = thing.find(thing.name);
  const { kept, before, after } = leaveOne(inspection, thing);
  if (!own || kept !== thing.name) return steps(...before, ...after);
  const comment = commentSql(
    thing.commentedAs(name),
    `${quoteLiteral(`${MARK}${migration}, at `)} || date_trunc('second', now()) || ` +
      quoteLiteral(`. The next db:migrate puts it back.${own.comment === null ? '' : `\n\n${own.comment}`}`),
  );
  const rename = thing.rename(thing.name, name);
  const deletion = ["SET lock_timeout = '300ms'", thing.dropSql(name), ...deletedWithIt];
  return {
    steps: [
      ...before,
      { ...rename, purpose: `set ${thing.what} aside as ${name}`, sql: `${rename.sql};\n${comment}` },
    ],
    notices: [
      `${thing.what} is set aside as ${name}, with all that it holds: the next db:migrate puts it back. ` +
        `To delete it for good: ${deletion.map((statement) => `${statement};`).join(' ')}`,
    ],
  };
}

/** Puts back what was set aside, if anything was. */
export function restore(inspection: Inspection, thing: Removable): Plan {
  const name = keptAsideName(thing.name);
  const keptAside = thing.find(name);
  const { kept, before, after } = leaveOne(inspection, thing);
  if (!keptAside || kept !== name) return steps(...before, ...after);
  const rename = thing.rename(name, thing.name);
  const comment = commentSql(thing.commentedAs(thing.name), commentBefore(keptAside.comment));
  const put = {
    ...rename,
    purpose: `put ${thing.what} back, which was set aside`,
    sql: `${rename.sql};\n${comment}`,
  };
  return steps(...before, put, ...after);
}

/** Which of two things stays, by its name, and what is to be done first and last. */
interface Choice {
  readonly kept: string;
  readonly before: readonly Step[];
  readonly after: readonly Step[];
}

/**
 * Where something is there twice, leaves the one that holds something: the other one was made by the service's
 * `sync()` since, most likely. That one is renamed first: then nobody writes to it any more, it can be searched in
 * peace, and dropped if it is still empty.
 *
 * @throws RefusedError where both hold data
 */
function leaveOne(inspection: Inspection, thing: Removable): Choice {
  const [keptAside, replaced] = [keptAsideName(thing.name), replacedName(thing.name)];
  const [own, kept, earlier] = [thing.name, keptAside, replaced].map(thing.find);
  // What a run that was cut short has left.
  const after = earlier && earlier.reasonToKeep === undefined ? [thing.drop(replaced)] : [];
  if (!own || !kept) return { kept: own ? thing.name : keptAside, before: [], after };
  if (kept.reasonToKeep === undefined) return { kept: thing.name, before: [thing.drop(keptAside)], after };
  if (earlier?.reasonToKeep !== undefined) throw noPlaceLeft(inspection, thing);
  if (own.reasonToKeep !== undefined) throw bothHoldData(inspection, thing, own.reasonToKeep);
  return {
    kept: keptAside,
    before: [...after, thing.rename(thing.name, replaced)],
    after: [thing.drop(replaced)],
  };
}

function bothHoldData({ live }: Inspection, thing: Removable, reasonToKeep: string): Error {
  const [keptAside, replaced] = [keptAsideName(thing.name), replacedName(thing.name)];
  const merge = [
    'BEGIN',
    "SET LOCAL lock_timeout = '2s'",
    'SET LOCAL row_security = off',
    ...thing.merge,
    thing.rename(thing.name, replaced).sql,
    'COMMIT',
  ];
  return new RefusedError(
    `In database ${live.database}, schema ${live.schema}, ${thing.what} is there, and so is ${keptAside}, which an undo has ` +
      `set aside, and both hold data (${thing.name}: ${reasonToKeep}). Nothing of this migration was done. Run this with psql, which ` +
      'brings them together and stops writes to the table meanwhile, and then the same command again:\n' +
      merge.map((statement) => `  ${statement};\n`).join('') +
      `What stood in its place stays as ${replaced}, with all that it holds, until you run: ${thing.dropSql(replaced)};`,
  );
}

/** What an earlier merge has left stands where this one would put what it replaces. */
function noPlaceLeft({ live }: Inspection, thing: Removable): Error {
  const replaced = replacedName(thing.name);
  return new RefusedError(
    `In database ${live.database}, schema ${live.schema}, ${thing.what} is there, and so are ${keptAsideName(thing.name)}, ` +
      `which an undo has set aside, and ${replaced}, which an earlier merge has left. Nothing of this migration was done. ` +
      `When you need ${replaced} no more, run ${thing.dropSql(replaced)}; and then the same command again.`,
  );
}

const MARK = 'Set aside by undoing ';

/** Whether a table bears the comment of what an undo has set aside. */
export function isKeptAside({ comment }: Table): boolean {
  return comment?.startsWith(MARK) === true;
}

/** What somebody had commented before we did, as SQL. */
function commentBefore(comment: string | null): string {
  const before = comment?.startsWith(MARK) ? comment.split('\n\n').slice(1).join('\n\n') : comment;
  return before ? quoteLiteral(before) : 'NULL';
}

/** `COMMENT ON` with what an expression gives: by itself it takes nothing but a literal. */
function commentSql(target: string, expression: string): string {
  const format = quoteLiteral(`COMMENT ON ${target.replaceAll('%', '%%')} IS %L`);
  return `DO ${quoteLiteral(`BEGIN EXECUTE format(${format}, ${expression}); END`)}`;
}
