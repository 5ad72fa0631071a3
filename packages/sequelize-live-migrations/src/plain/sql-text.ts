import { statementsOf } from '../postgres';

/** What a text does to the transaction that it is sent in. */
type Control = 'none' | 'begin' | 'commit' | 'rollback' | 'savepoint' | 'characteristics' | 'mixed';

const CONTROL_WORD = /\b(begin|start|commit|end|rollback|abort|savepoint|release|prepare|transaction)\b/i;

/** @returns `mixed` where a text that does something else as well begins or ends a transaction */
export function controlOf(text: string): Control {
  if (!CONTROL_WORD.test(text) || /\bbegin\s+atomic\b/i.test(text)) return 'none';
  const statements = statementsOf(text).filter(({ words }) => words !== '');
  const controls = statements.map(({ words }) => controlOfStatement(words));
  const [first = 'none'] = controls;
  if (controls.length === 1) return first;
  return controls.every(isInside) ? 'none' : 'mixed';
}

function controlOfStatement(words: string): Control {
  if (/^(BEGIN|START TRANSACTION)\b/.test(words)) return 'begin';
  if (/^(COMMIT|END)\b/.test(words)) return 'commit';
  if (/^(SAVEPOINT|RELEASE|(ROLLBACK|ABORT)( (WORK|TRANSACTION))? TO)\b/.test(words)) return 'savepoint';
  if (/^(ROLLBACK|ABORT)\b/.test(words)) return 'rollback';
  if (/^SET (LOCAL )?TRANSACTION\b/.test(words)) return 'characteristics';
  return /^PREPARE TRANSACTION\b/.test(words) ? 'mixed' : 'none';
}

/** Whether a statement neither begins nor ends a transaction. */
function isInside(control: Control): boolean {
  return control === 'none' || control === 'savepoint' || control === 'characteristics';
}

/**
 * A text whose transactions begin and end in it, as scripts often have it, without the words for that: inside of another
 * transaction it does the same. Undefined for any other text that ends a transaction.
 */
export function withoutOwnTransactions(text: string): string | undefined {
  let isOpen = false;
  let bare = text;
  for (const { words, start, end } of statementsOf(text)) {
    const control = controlOfStatement(words);
    if (isInside(control)) continue;
    if (control !== (isOpen ? 'commit' : 'begin') || /\bISOLATION\b|\bREAD ONLY\b/.test(words))
      return undefined;
    isOpen = !isOpen;
    bare = bare.slice(0, start) + ' '.repeat(end - start) + bare.slice(end);
  }
  return isOpen ? undefined : bare;
}

/** Whether a text changes settings of the session, which would go on for what comes after it. */
export function changesSession(text: string): boolean {
  if (!/\b(set|set_config|reset|discard|listen)\b/i.test(text)) return false;
  return (
    /\bset_config\b/i.test(text) ||
    statementsOf(text).some(({ words }) =>
      /^(SET (?!LOCAL|CONSTRAINTS|TRANSACTION)|RESET|DISCARD|LISTEN)/.test(words),
    )
  );
}

/** Whether a text is one statement that PostgreSQL does concurrently, without blocking others and outside a transaction. */
export function isConcurrent(text: string): boolean {
  return (
    /\bconcurrently\b/i.test(text) &&
    statementsOf(text).some(({ words }) => /\bCONCURRENTLY\b/.test(words) && !words.startsWith('REFRESH'))
  );
}

const LONGEST = 300;

/** A statement for a message: in one line, not too long, and without a password. */
export function shortened(text: string): string {
  return cut(masked(text).replace(/\s+/g, ' ').trim().replace(/;$/, ''), LONGEST);
}

const LONGEST_PRINTED = 2000;

/** A statement as it was sent, without a password, and without most of its rows where it has thousands. */
export function printed(text: string): string {
  return cut(masked(text).trim().replace(/;$/, ''), LONGEST_PRINTED);
}

/** The values that were sent with a statement, in the same way. */
export function printedValues(text: string, values: readonly unknown[]): string {
  return cut(isSecret(text) ? `${String(values.length)} values` : JSON.stringify(values), LONGEST_PRINTED);
}

function masked(text: string): string {
  return isSecret(text) ? text.replace(/'(?:[^']|'')*'/g, "'…'") : text;
}

function isSecret(text: string): boolean {
  return /password|secret|token/i.test(text);
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}
