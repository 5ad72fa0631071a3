/**
 * How the comments on what is kept aside begin, by the direction of the migration that keeps it. Never to be changed,
 * whatever the words elsewhere: existing databases have them.
 */
export const KEPT_ASIDE_COMMENTS = { down: 'Set aside by undoing ', up: 'Kept aside by ' } as const;

/**
 * @throws where a comment is none, or could be taken for one on something that is kept aside. An empty one is none for
 *   PostgreSQL; to leave a comment as it is, it is left out.
 */
export function assertComment(what: string, comment: unknown): void {
  if (typeof comment !== 'string' || comment === '') {
    throw new Error(`${what}: comment is a text, and not ${JSON.stringify(comment) || 'undefined'}.`);
  }
  const reserved = Object.values(KEPT_ASIDE_COMMENTS).find((beginning) => comment.startsWith(beginning));
  if (reserved === undefined) return;
  throw new Error(
    `${what}: comment begins with "${reserved}", as only that on something which is kept aside does. Write other words.`,
  );
}
