import type { Model, ModelStatic } from 'sequelize';
import { catalogsOf, declaredBy, deferrableKeys, homeOf, tablesBySchema } from '../models';
import { check as differencesIn, describe, keptAsideNotes } from '../plan';
import { serverWordsOf, SQLSTATE, sqlStateOf } from '../postgres';
import { type MigrationToPlan, stepsLeft } from '../run';
import { migrationNames, MigrationStorage, type Project } from '../sequelize-cli';
import type { Run } from '../session';
import { schemaOf } from '../vocabulary';
import type { Command } from './command';
import { migrationToPlan } from './migration-to-plan';
import { missingPrivileges } from './missing-privileges';
import { modelsOf } from './models-of';

/**
 * Prints one line for each difference between the configured database and what the models declare, or else what the
 * migrations that have run do; or that there is none. What is kept aside is listed, too, and what roles lack on
 * one of the tables: that is no difference.
 */
export const check: Command = {
  parameters: '',
  accepts: (args) => args.length === 0,
  async work({ project, run }) {
    const models = await modelsOf(project);
    const { migrations, unread, pending } = await migrationsToCompare(project, run);
    const { database, compared, differences, notes } = await compareWithModels(run, models, migrations);
    // What the models show need not be said a second time.
    const lines =
      differences.length > 0 || unread !== undefined ? differences : await stepsLeft(run, migrations);
    for (const line of [...lines, ...notes, ...(unread ?? [])]) console.log(line);
    for (const { schema, tables } of compared) {
      for (const notice of await missingPrivileges(run.sequelize, schema, tables)) console.log(notice);
    }
    const schemas = compared.map(({ schema }) => schema).join(', ');
    if (lines.length > 0) {
      process.exitCode = 1;
      if (pending.length > 0) console.error(hintOf(database, pending));
    } else
      console.log(`Database ${database}, schema ${schemas}, matches the ${modelsInWords(models.length)}.`);
  },
};

/** What is most often the reason for differences. */
function hintOf(database: string, pending: readonly string[]): string {
  return `On database ${database} these migrations have not run: ${pending.join(', ')}. Type npx sequelize-cli db:migrate, and check again.`;
}

function modelsInWords(count: number): string {
  return count === 1 ? '1 model' : `${String(count)} models`;
}

interface MigrationsToCompare {
  readonly migrations: readonly MigrationToPlan[];
  /** Why it is not known which of them have run. */
  readonly unread?: readonly string[];
  /** Those that have not run, where that is known. */
  readonly pending: readonly string[];
}

/** The migrations that have run; all of them where the role may not read the migration log. */
async function migrationsToCompare(project: Project, run: Run): Promise<MigrationsToCompare> {
  const { sequelize, reporter } = run;
  const storage = new MigrationStorage({ sequelize, reporter, project });
  const toPlan = (name: string) => migrationToPlan(project, storage, name, 'up');
  try {
    const executed = await storage.executed();
    const pending = migrationNames(project).filter((name) => !executed.includes(name));
    return { migrations: executed.map(toPlan), pending };
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.insufficientPrivilege) throw error;
    const why = 'so it was not compared whether anybody has changed what only migrations declare';
    return {
      migrations: migrationNames(project).map(toPlan),
      unread: [
        `The migration log cannot be read, ${why}: ${serverWordsOf(error)}. To read it, GRANT SELECT is enough.`,
      ],
      pending: [],
    };
  }
}

/**
 * A line for each difference between the database and what models declare, and the tables that were compared, by schema.
 *
 * @param executed the migrations that have run: what these declare and no model can is no difference
 */
export async function compareWithModels(
  run: Run,
  models: readonly ModelStatic<Model>[],
  executed: readonly MigrationToPlan[] = [],
) {
  const migrated = executed.flatMap(({ changes = [] }) => changes);
  const compared = [];
  const home = await homeOf(run.sequelize);
  const deferrable = deferrableKeys(models, home);
  for (const tables of tablesBySchema(declaredBy(models, home))) {
    const ofSchema = migrated.filter((change) => schemaOf([change]) === schemaOf(tables));
    const one = await catalogsOf(run, { tables, deferrable }, ({ found, desired }, place) => ({
      schema: place.schema,
      tables: tables.map(({ table }) => table),
      differences: differencesIn({ live: found, desired, migrated: ofSchema, place }).map(describe),
      notes: keptAsideNotes(found),
    }));
    compared.push(one);
  }
  return {
    database: run.sequelize.getDatabaseName(),
    compared,
    differences: compared.flatMap(({ differences }) => differences),
    notes: compared.flatMap(({ notes }) => notes),
  };
}
