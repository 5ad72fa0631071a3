import fc from 'fast-check';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { GeneratedProject, modelsOf } from '../support/from-models';
import { changeModels, KINDS_OF_CHANGES, type RandomChange } from '../support/random/model-changes';
import { RandomModels } from '../support/random/models';
import { schemaOf } from '../support/schema';
import { numberFrom } from '../support/soak';

// Models change at random; each time the migration is generated, and runs on a database with rows. At the end, all are
// undone.

afterAll(() => dropDatabases());

const SEED = numberFrom('SOAK_SEED', 7);
const RUNS = numberFrom('SOAK_MODELS', 2);

const change: fc.Arbitrary<RandomChange> = fc.record({
  kind: fc.constantFrom(...KINDS_OF_CHANGES),
  table: fc.nat(9),
  column: fc.nat(9),
  detail: fc.nat(20),
});

/** Each with enough columns to begin with. */
const releases = fc.tuple(
  fc.array(
    change.map((one) => ({ ...one, kind: 'addColumn' as const })),
    { minLength: 4, maxLength: 8 },
  ),
  fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 3 }),
);

/** What an undo leaves as it is: the length of a text, labels, and what is kept aside. */
function asUndone(schema: readonly string[]): string[] {
  return schema
    .filter((line) => !/undone_| enum |^sequence /.test(line))
    .map((line) =>
      line.replace(/ (text|character varying\(\d+\))/, ' text').replace(/::(text|character varying)/g, ''),
    );
}

async function release(
  project: GeneratedProject,
  database: TestDatabase,
  models: RandomModels,
): Promise<void> {
  const questions = {
    isRename: (rename: Parameters<RandomModels['isRename']>[0]) => Promise.resolve(models.isRename(rename)),
    backfillOf: (table: string, column: string) => Promise.resolve(models.valueOf(table, column)),
  };
  const statements = await project.generate(modelsOf(models.define), questions);
  expect(statements).not.toMatch(/NOT (WRITTEN|REMOVED|ADDED)/);
  await database.query(models.fillSql(await schemaOf(database)).join(';'));
  await project.migrate(database);
  expect(await differencesFromModels(database.url, modelsOf(models.define))).toEqual([]);
  expect(await project.stepsLeft(database)).toEqual([]);
  expect((await project.difference(modelsOf(models.define), questions)).proposals).toEqual([]);
  await database.query(models.rowsSql().join(';'));
}

it('each change of the models is generated, runs on rows, leaves nothing to generate, and is undone', async () => {
  const property = fc.asyncProperty(releases, async ([first, others]) => {
    const project = new GeneratedProject();
    const database = await createDatabase();
    const models = new RandomModels();
    changeModels(models, { kind: 'addTable', table: 0, column: 0, detail: 0 });
    const schemas: string[][] = [];
    for (const changes of [first, ...others]) {
      schemas.push(asUndone(await schemaOf(database)));
      for (const one of changes) changeModels(models, one);
      await release(project, database, models);
    }
    while (schemas.length > 1) {
      await project.undo(database);
      project.migrations.pop();
      expect(asUndone(await schemaOf(database))).toEqual(schemas.pop());
    }
    await dropDatabases(database);
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
}, 3_600_000);
