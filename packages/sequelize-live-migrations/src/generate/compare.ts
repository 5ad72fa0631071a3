import type { Model, ModelStatic } from 'sequelize';
import {
  type Call,
  catalogsOf,
  changesOf,
  type Comparison,
  declaredBy,
  type DeferrableKey,
  deferrableKeys,
  filledWith,
  homeOf,
  inSchemaNamed,
  isToBeSaid,
  type KeysBetween,
  locksInWords,
  type NameChange,
  plannedFor,
  previousReleaseInWords,
  type Proposal,
  type Proposals,
  proposalsFor,
  renamed,
  saidWhereLeft,
  withKeysRemoved,
  withRenames,
} from '../models';
import type { Run } from '../session';
import { type Change, type CreateTable, schemaOf, tablesCreatedBy } from '../vocabulary';
import {
  type Difference,
  differenceOfAddedKeys,
  differenceOfGoneKeys,
  differenceOfSchemas,
  differenceOfValidation,
} from './between-schemas';
import { inQuestions, type Questions } from './questions';
import { tablesIn, withSchemas } from './schemas';

/**
 * Compares a database in which all migrations have run, and nothing else, with models.
 *
 * @param earlier what the migrations declare
 * @returns what a migration has to change for each schema, in the order in which these run: first the one without a name,
 *   that of the migration log
 */
export async function differencesBetween(
  run: Run,
  models: readonly ModelStatic<Model>[],
  earlier: readonly Change[],
  questions: Questions,
): Promise<Difference[]> {
  const home = await homeOf(run.sequelize);
  const tables = declaredBy(models, home);
  const schemas = [...new Set([undefined, ...[...tables, ...earlier].map((one) => schemaOf([one]))])];
  const deferrable = deferrableKeys(models, home);
  return withSchemas(run.sequelize, schemas, async (missing) => {
    const found: { difference: Difference; between: KeysBetween }[] = [];
    for (const schema of schemas) {
      const ofSchema = {
        schema,
        tables: tables.filter((table) => table.schema === schema),
        deferrable,
        earlier: earlier.filter((change) => schemaOf([change]) === schema),
      };
      found.push(await differenceIn(run, ofSchema, inQuestions(schema, questions)));
    }
    const between = found.map((one) => one.between);
    return [
      ...differenceOfSchemas(missing),
      ...differenceOfGoneKeys(between, home),
      ...found.map(({ difference }) => difference),
      ...differenceOfAddedKeys(between, home),
      ...differenceOfValidation(between),
    ];
  });
}

interface OfSchema {
  readonly schema: string | undefined;
  readonly tables: readonly CreateTable[];
  readonly deferrable: readonly DeferrableKey[];
  readonly earlier: readonly Change[];
}

/** The difference in the tables of a schema, and in their keys to those of others. */
async function differenceIn(
  run: Run,
  { schema, tables, deferrable, earlier }: OfSchema,
  questions: Questions,
) {
  const comparison = { schema, tables, deferrable, others: await tablesIn(run.sequelize, schema) };
  const { found, names, isOpen } = await withNames(run, comparison, questions);
  const changes = await filled(found.proposals, questions);
  const all = [...names.map(renamed), ...(isOpen ? withRenames(changes, found.renames) : changes)];
  const inIt = (proposal: Proposal) => inSchemaNamed(schema, proposal);
  const described = await describedIn(run, withKeysRemoved(all, earlier).map(inIt), earlier);
  return {
    difference: {
      of: schema,
      isOfSchema: schema !== undefined,
      ...described,
      undeclared: found.undeclared.map(inIt),
    },
    between: found.between,
  };
}

interface WithNames {
  readonly found: Proposals;
  /** What has got another name only. */
  readonly names: readonly NameChange[];
  /** Whether nobody could be asked: then what may have another name is said in the migration. */
  readonly isOpen: boolean;
}

/**
 * Compares, and does so again after each answer, until there is nothing left to ask.
 *
 * @param names what has got another name only, by the answers so far
 * @param others what is not, though it may have been
 */
async function withNames(
  run: Run,
  comparison: Comparison,
  questions: Questions,
  names: readonly NameChange[] = [],
  others: readonly NameChange[] = [],
): Promise<WithNames> {
  const found = await catalogsOf(run, { ...comparison, renames: names }, proposalsFor);
  const next = found.renames.find((rename) => !others.some((other) => isSame(other, rename)));
  if (!next) return { found, names, isOpen: false };
  const answer = await questions.isRename(next);
  if (answer === undefined) return { found, names, isOpen: true };
  return answer
    ? withNames(run, comparison, questions, [...names, next], others)
    : withNames(run, comparison, questions, names, [...others, next]);
}

function isSame(one: NameChange, other: NameChange): boolean {
  return (
    one.kind === other.kind && one.table === other.table && one.from === other.from && one.to === other.to
  );
}

/** What is proposed, with the values that were given for the rows that are there. */
async function filled(proposals: readonly Proposal[], questions: Questions): Promise<Proposal[]> {
  const done: Proposal[] = [];
  for (const proposal of proposals) {
    const open = proposal.up.find(isToBeSaid);
    const [table, column] = open?.args ?? [];
    const value = open && (await questions.backfillOf(String(table), String(column)));
    done.push(value === undefined ? proposal : filledWith(proposal, value));
  }
  return done;
}

/** What is proposed, with what it does on tables with rows. */
async function describedIn(run: Run, proposed: readonly Proposal[], earlier: readonly Change[]) {
  const { proposals, steps } = await plannedFor(run, saidWhereLeft(proposed, earlier), earlier);
  const calls: Call[] = proposals.flatMap(({ up }) => up);
  const changes = changesOf(calls);
  return {
    proposals,
    locks: locksInWords(steps, tablesCreatedBy(changes)),
    previousRelease: previousReleaseInWords(changes),
  };
}
