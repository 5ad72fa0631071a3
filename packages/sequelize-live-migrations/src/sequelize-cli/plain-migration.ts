/** What tells that statements of a migration cannot be in a transaction (manual: CREATE INDEX, VACUUM). */
const NOT_IN_TRANSACTION = /\bconcurrently\b(?!\s*['"]?\s*:\s*false)|\bVACUUM\b/i;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/.*$/gm;

/**
 * Why a plain migration is to run without a transaction, as far as that shows before it runs: because it says so, or by
 * what is written in it. Then it need not run twice.
 *
 * @param method its `up` or its `down`
 */
export function reasonAgainstTransaction(exported: unknown, method: unknown): string | undefined {
  if (exportedValue(exported, 'transaction') === false) return 'it says transaction = false';
  const [word] = NOT_IN_TRANSACTION.exec(sourceOf(method)) ?? [];
  return word && `${word.toUpperCase()} cannot be in a transaction`;
}

/** Whether a function is written for umzug 3, which calls it with one object that has `context`. */
export function isForUmzug3(method: unknown): boolean {
  return /^(?:async\s+)?(?:function\b\s*\w*\s*|\w+\s*)?\(\s*\{[^}]*\bcontext\b[^}]*\}[^)]*\)/.test(
    sourceOf(method),
  );
}

function sourceOf(method: unknown): string {
  return typeof method === 'function' ? Function.prototype.toString.call(method).replace(COMMENT, '') : '';
}

/** What a module exports under a name: by itself, or in its default export. */
export function exportedValue(exported: unknown, name: string): unknown {
  const [owner] = ownersOf(exported).filter((candidate) => Reflect.get(candidate, name) !== undefined);
  return owner && Reflect.get(owner, name);
}

/** The objects in which a module may export its methods. umzug prefers the default export. */
export function ownersOf(exported: unknown): object[] {
  if (typeof exported !== 'object' && typeof exported !== 'function') return [];
  if (exported === null) return [];
  const inner: unknown = Reflect.get(exported, 'default');
  return inner === undefined || inner === exported ? [exported] : [...ownersOf(inner), exported];
}

const QUOTED = '\\s*[\'"`]([^\'"`]+)[\'"`]';

/**
 * What a plain migration does, as far as that can be read in it: whether it is in a transaction, and which methods of the
 * query interface it calls by name on which table. What it does by other ways is not in this.
 *
 * @param method its `up` or its `down`
 */
export function describePlain(exported: unknown, method: unknown): string[] {
  const reason = reasonAgainstTransaction(exported, method);
  const how =
    reason === undefined
      ? 'It is a plain migration: one transaction with its row in the migration log.'
      : `It is a plain migration, and runs without a transaction: ${reason}.`;
  const source = sourceOf(method);
  const [, parameter] =
    /^[^(]*\(\s*(\w+)|^(?:async\s+)?(\w+)\s*=>/.exec(source)?.filter((part) => part) ?? [];
  const called = new RegExp(`\\b${parameter ?? 'queryInterface'}\\.(\\w+)\\(${QUOTED}(?:,${QUOTED})?`, 'g');
  const calls = [...source.matchAll(called)].map(
    ([, name = '', table = '', column]) => `${name} ${[table, ...(column ? [column] : [])].join('.')}`,
  );
  return [how, ...(calls.length > 0 ? [`It calls ${[...new Set(calls)].join(', ')}.`] : [])];
}
