import { RefusedError } from '../errors';
import type { Inspection } from '../inspect';
import { quoteLiteral, setAsideName } from '../names';
import { steps, type Plan, type Step } from './step';

// An undo does not destroy what somebody may want back. It renames it, which takes an instant on a table of any
// size and leaves all that hangs on it in place: indexes, constraints, foreign keys. The next `up` renames it
// back.

/** A column or a table that may be there twice: as the service knows it, and set aside. */
export interface Removable {
  /** `column user_sessions.status` */
  readonly what: string;
  readonly name: string;
  /** The one that the service knows. */
  readonly own: Found | undefined;
  /** The one that an undo has set aside. */
  readonly aside: Found | undefined;
  /** The step of another name, without its comment. */
  readonly rename: (from: string, to: string) => Step;
  /** What `COMMENT ON` calls it: `TABLE "conversation_messages"`. */
  readonly commentedAs: (name: string) => string;
  /** The statements that leave the data of both in the one that is set aside. */
  readonly merge: readonly string[];
}

export interface Found {
  readonly holdsData: boolean;
  readonly comment: string | null;
  readonly drop: Step;
}

/**
 * Takes something out of the service's sight, and keeps it.
 *
 * @param migration the one that is undone, for whoever comes across it
 * @param forGood the statements that delete it after all
 */
export function setAside(
  inspection: Inspection,
  thing: Removable,
  { migration, forGood }: { readonly migration: string; readonly forGood: readonly string[] },
): Plan {
  const { kept, drops } = leaveOne(inspection, thing);
  if (kept !== thing.own || !kept) return steps(...drops);
  const name = setAsideName(thing.name);
  const comment = commentSql(
    thing.commentedAs(name),
    `${quoteLiteral(`${MARK}${migration}, at `)} || date_trunc('second', now()) || ` +
      quoteLiteral(
        `. The next db:migrate puts it back.${kept.comment === null ? '' : `\n\n${kept.comment}`}`,
      ),
  );
  const rename = thing.rename(thing.name, name);
  return {
    steps: [
      ...drops,
      { ...rename, purpose: `set ${thing.what} aside as ${name}`, sql: `${rename.sql};\n${comment}` },
    ],
    notices: [
      `${thing.what} is set aside as ${name}, with all that it holds: the next db:migrate puts it back. ` +
        `To delete it for good: ${forGood.map((statement) => `${statement};`).join(' ')}`,
    ],
  };
}

/** Puts back what was set aside, if anything was. */
export function takeBack(inspection: Inspection, thing: Removable): Plan {
  if (!thing.aside) return steps();
  const { kept, drops } = leaveOne(inspection, thing);
  if (kept !== thing.aside) return steps(...drops);
  const rename = thing.rename(setAsideName(thing.name), thing.name);
  const comment = commentSql(thing.commentedAs(thing.name), commentBefore(kept.comment));
  return steps(...drops, {
    ...rename,
    purpose: `put ${thing.what} back, which was set aside`,
    sql: `${rename.sql};\n${comment}`,
  });
}

/**
 * Where something is there twice, drops the one that holds nothing: the one that the service's `sync()` has
 * made since, most likely.
 *
 * @throws RefusedError where both hold data
 */
function leaveOne(
  { live }: Inspection,
  { what, name, own, aside, merge }: Removable,
): { readonly kept: Found | undefined; readonly drops: readonly Step[] } {
  if (!own || !aside) return { kept: own ?? aside, drops: [] };
  if (!own.holdsData) return { kept: aside, drops: [own.drop] };
  if (!aside.holdsData) return { kept: own, drops: [aside.drop] };
  throw new RefusedError(
    `In database ${live.database}, schema ${live.schema}, ${what} is there, and so is ${setAsideName(name)}, ` +
      'which an undo has set aside, and both hold data. Nothing of this migration was done. Run this with psql, ' +
      'which brings them together, and then the same command again:\n' +
      ['BEGIN', ...merge, 'COMMIT'].map((statement) => `  ${statement};\n`).join('') +
      'Where both have a value, the newer one stays; to decide otherwise, change it before you run it.',
  );
}

const MARK = 'Set aside by undoing ';

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
