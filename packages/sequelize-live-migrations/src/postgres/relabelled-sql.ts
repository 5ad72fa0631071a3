import { quoteLiteral } from './identifiers';
import { nameOf, TOKEN, wordsIn } from './renamed-sql';

/** A label of the enum type of a column, and its other name. */
export interface LabelRename {
  readonly column: string;
  readonly from: string;
  readonly to: string;
}

/** Words that stand between a column and what it is compared with, or before a value that is of no column. */
const PASSED_OVER = /^(in|not|any|all|some|is|distinct|from|array|cast|null|coalesce|nullif)$/i;
/** Words after which a value begins that is compared with no column before them. */
const ENDS = /^(then|else|and|or)$/i;

const WORD = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
const QUALIFIED = String.raw`(?:${WORD}\s*\.\s*)*(${WORD})`;
/** What follows a value that is compared with a column after it: `'cat'::enum_pets_kind = ANY (kinds)`. */
const COMPARED_AFTER = new RegExp(
  String.raw`^\s*(?:::\s*[\w".\[\]]+\s*)?(?:<>|!=|<=|>=|=|<|>|IS\s+(?:NOT\s+)?DISTINCT\s+FROM\b)\s*(?:(?:ANY|ALL|SOME)\s*\(\s*)?${QUALIFIED}`,
  'i',
);
const OPERAND = new RegExp(String.raw`\bCASE\s+${QUALIFIED}`, 'gi');

/**
 * An expression of SQL in which a label has another name. Not a parser: a string that is the label is taken for it where the
 * column is what it is compared with, and where it is compared with nothing in an expression for the column itself.
 *
 * @param isValueOf whether what the expression comes to is a value of the column, such as its default
 */
export function withLabelRenamed(sql: string, rename: LabelRename, isValueOf: boolean): string {
  return sql.replace(TOKEN, (token: string, ...rest: unknown[]) => {
    const index = rest.find((value) => typeof value === 'number');
    const renamed = token.startsWith("'") ? relabelled(token, rename) : undefined;
    if (renamed === undefined || index === undefined) return token;
    const compared = comparedWith(sql.slice(0, index), sql.slice(index + token.length));
    return (compared === undefined ? isValueOf : compared === rename.column) ? renamed : token;
  });
}

/** A string that is the label, or the text of an array in which it is one, with the other name; undefined for another one. */
function relabelled(token: string, { from, to }: LabelRename): string | undefined {
  const value = token.slice(1, -1).replaceAll("''", "'");
  if (value === from) return quoteLiteral(to);
  const elements = /^\{([^"{}\\]*)\}$/.exec(value)?.[1]?.split(',');
  if (!elements?.includes(from) || /[",{}\\\s]/.test(to)) return undefined;
  return quoteLiteral(`{${elements.map((one) => (one === from ? to : one)).join()}}`);
}

/** The column, or whatever has a name, with which a value is compared; undefined where it is compared with none. */
function comparedWith(before: string, after: string): string | undefined {
  const next = COMPARED_AFTER.exec(after)?.[1];
  if (next !== undefined) return nameOf(next);
  const last = wordsIn(before).findLast(
    ({ word, start }) => !isPassedOver(word, before.slice(0, start), before),
  );
  if (last === undefined || ENDS.test(last.word)) return undefined;
  if (!/^when$/i.test(last.word)) return last.name;
  const operand = [...before.matchAll(OPERAND)].at(-1)?.[1];
  return operand === undefined || /^when$/i.test(operand) ? undefined : nameOf(operand);
}

/** Whether a word is a type (`kind::text`, `date '…'`), or says how a column is compared. */
function isPassedOver(word: string, upToWord: string, before: string): boolean {
  if (PASSED_OVER.test(word) || /::\s*$/.test(upToWord)) return true;
  const isNextToValue = before.trimEnd().length === upToWord.length + word.length;
  return isNextToValue && !ENDS.test(word) && !/^when$/i.test(word);
}
