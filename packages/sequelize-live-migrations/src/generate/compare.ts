import { Sequelize } from 'sequelize';
import type { Model, ModelStatic } from 'sequelize';
import { LOG_TABLE } from '../catalog';
import {
  type Call,
  catalogsOf,
  changesOf,
  type Comparison,
  declaredBy,
  filledWith,
  isToBeSaid,
  locksInWords,
  type NameChange,
  plannedFor,
  previousReleaseInWords,
  type Proposal,
  type Proposals,
  proposalsFor,
  renamed,
  saidWhereLeft,
  withRenames,
} from '../models';
import { DEFAULT_LIMITS, type Run } from '../session';
import { type Change, type CreateTable, tablesCreatedBy } from '../vocabulary';
import type { Questions } from './questions';

/** What a migration has to change for the migrations to make what the models declare. */
export interface Difference {
  readonly proposals: readonly Proposal[];
  /** What is only said: of tables that no model declares, with what would remove them, and of other schemas. */
  readonly undeclared: readonly Proposal[];
  /** Which locks it takes on tables with rows, and what the previous release notices: sentences. */
  readonly locks: string;
  readonly previousRelease: string;
}

/**
 * Compares a database in which all migrations have run, and nothing else, with models.
 *
 * @param earlier what the migrations declare
 */
export async function differenceBetween(
  url: string,
  models: readonly ModelStatic<Model>[],
  earlier: readonly Change[],
  questions: Questions,
): Promise<Difference> {
  const sequelize = new Sequelize(url, { logging: false });
  try {
    const run = {
      sequelize,
      limits: DEFAULT_LIMITS,
      reporter: { line: () => undefined, progress: () => undefined },
    };
    return await differenceIn(run, models, earlier, questions);
  } finally {
    await sequelize.close();
  }
}

async function differenceIn(
  run: Run,
  models: readonly ModelStatic<Model>[],
  earlier: readonly Change[],
  questions: Questions,
): Promise<Difference> {
  const all = declaredBy(models);
  const comparison = {
    tables: all.filter(({ schema }) => schema === undefined),
    others: await tablesIn(run.sequelize),
  };
  const { found, names, isOpen } = await withNames(run, comparison, questions);
  const changes = await filled(found.proposals, questions);
  const proposals = [...names.map(renamed), ...(isOpen ? withRenames(changes, found.renames) : changes)];
  return described(run, proposals, [...found.undeclared, ...inOtherSchemas(all)], earlier);
}

/** What is said of the tables of other schemas, which a migration of its own would have to make. */
function inOtherSchemas(tables: readonly CreateTable[]): Proposal[] {
  const others = tables.flatMap(({ schema, table }) => (schema === undefined ? [] : [`${schema}.${table}`]));
  if (others.length === 0) return [];
  return [{ up: [], notes: [`NOT COMPARED: ${others.join(', ')}, in other schemas. Write that by hand.`] }];
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

async function described(
  run: Run,
  proposed: readonly Proposal[],
  undeclared: readonly Proposal[],
  earlier: readonly Change[],
): Promise<Difference> {
  const { proposals, steps } = await plannedFor(run, saidWhereLeft(proposed, earlier), earlier);
  const calls: Call[] = proposals.flatMap(({ up }) => up);
  const changes = changesOf(calls);
  return {
    proposals,
    undeclared,
    locks: locksInWords(steps, tablesCreatedBy(changes)),
    previousRelease: previousReleaseInWords(changes),
  };
}

/** The tables in the schema of a database, but for the migration log and those of extensions. */
async function tablesIn(sequelize: Sequelize): Promise<string[]> {
  const [rows] = await sequelize.query(
    `SELECT relname AS name FROM pg_class c WHERE relnamespace = current_schema()::regnamespace
       AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> '${LOG_TABLE}'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY relname`,
  );
  return rows.flatMap((row) =>
    typeof row === 'object' && row !== null && 'name' in row ? [String(row.name)] : [],
  );
}
