import { quoteLiteral } from '../../postgres';
import { KEPT_ASIDE_COMMENTS } from '../../vocabulary';
import type { MigrationRun } from '../draft/migration-run';

// What is kept aside bears a comment that says by which migration, in which direction, and when: only that migration, in
// the other direction, restores it. Something with such a name and another comment is somebody's own.

/** How the comments begin, and how their first paragraphs end: never to be changed either. */
const FORMATS = {
  down: { mark: KEPT_ASIDE_COMMENTS.down, end: () => '. The next db:migrate puts it back.' },
  up: { mark: KEPT_ASIDE_COMMENTS.up, end: (name: string) => `. Undoing ${name} restores it.` },
} as const;

/** Whether something with this comment was kept aside by a migration in its direction. */
export function isKeptAsideBy({ name, direction }: MigrationRun, comment: string | null): boolean {
  return comment?.startsWith(`${FORMATS[direction].mark}${name}, at `) === true;
}

/** Whether something has the comment of what is kept aside. */
export function isKeptAside(comment: string | null): boolean {
  return Object.values(FORMATS).some(({ mark }) => comment?.startsWith(mark) === true);
}

/** By which migration, in which direction, and since when something is kept aside; undefined where it is not. */
export function keptAsideBy(comment: string): KeptAside | undefined {
  const direction = comment.startsWith(FORMATS.down.mark) ? 'down' : 'up';
  const { mark } = FORMATS[direction];
  if (!comment.startsWith(mark)) return undefined;
  const [, migration, since] = /^(.*), at ([^.]*)\. /.exec(comment.slice(mark.length)) ?? [];
  return migration === undefined || since === undefined ? undefined : { migration, direction, since };
}

export interface KeptAside {
  readonly migration: string;
  readonly direction: 'up' | 'down';
  /** A timestamp as PostgreSQL prints it: `2026-11-26 08:36:11+00`. */
  readonly since: string;
}

/** `COMMENT ON` for something that is kept aside, before its own comment. */
export function keptAsideCommentSql(
  target: string,
  { name, direction }: MigrationRun,
  comment: string | null,
): string {
  const { mark, end } = FORMATS[direction];
  return markSql(target, `${mark}${name}`, end(name), comment);
}

/** How the comment on what gives way to something that is restored begins. */
const REPLACED = 'Replaced by ';

/** Whether something with this comment has given way to what a migration has restored. */
export function isReplacedBy({ name }: MigrationRun, comment: string | null): boolean {
  return comment?.startsWith(`${REPLACED}${name}, at `) === true;
}

/** `COMMENT ON` for that, before its own comment. */
export function replacedCommentSql(target: string, { name }: MigrationRun, comment: string | null): string {
  return markSql(target, `${REPLACED}${name}`, '. It is dropped if nothing was written to it.', comment);
}

function markSql(target: string, mark: string, end: string, comment: string | null): string {
  const own = comment === null ? '' : `\n\n${comment}`;
  const text = `${quoteLiteral(`${mark}, at `)} || date_trunc('second', now()) || ${quoteLiteral(end + own)}`;
  return commentSql(target, text);
}

/** The comment that something has, or had before it was kept aside or replaced. */
export function ownComment(comment: string | null): string | null {
  if (comment === null || !(isKeptAside(comment) || comment.startsWith(REPLACED))) return comment;
  return comment.split('\n\n').slice(1).join('\n\n') || null;
}

/** `COMMENT ON` with the comment from before. */
export function restoredCommentSql(target: string, comment: string | null): string {
  const own = ownComment(comment);
  return commentSql(target, own ? quoteLiteral(own) : 'NULL');
}

/** `COMMENT ON` with the value of an expression: by itself it takes only a literal. */
function commentSql(target: string, expression: string): string {
  const format = quoteLiteral(`COMMENT ON ${target.replaceAll('%', '%%')} IS %L`);
  return `DO ${quoteLiteral(`BEGIN EXECUTE format(${format}, ${expression}); END`)}`;
}
