import type { Sequelize } from 'sequelize';
import { differencesFromModels } from 'sequelize-live-migrations/testing';
import { flattened } from '../../src/catalog/flattened';
import { createDatabase, type TestDatabase } from './database';
import { GeneratedProject, modelsOf } from './from-models';
import { schemaOf } from './schema';
import { syncModels } from './sync';

const COMMENTS = `
  SELECT objoid::regclass || ' ' || coalesce(a.attname, '') || ': ' || description AS line
  FROM pg_description d LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid AND a.attnum > 0
  WHERE classoid = 'pg_class'::regclass AND objoid::regclass::text !~ '^(pg_|information_schema)' ORDER BY 1`;

async function everythingIn(database: TestDatabase): Promise<string[]> {
  const comments = await database.query(COMMENTS);
  return [...(await schemaOf(database)), ...comments.map(({ line }) => String(line))].map(flattened);
}

/**
 * How the first migration that is generated from models differs from what their `sync()` makes: what only one of them makes,
 * what `check` finds, what is left to generate, what there is to do on the database of `sync()`, and what an undo leaves.
 */
export async function comparedWithSync(define: (sequelize: Sequelize) => void) {
  const [synced, migrated] = [await createDatabase(), await createDatabase()];
  await syncModels(synced, define);
  const project = new GeneratedProject();
  const models = modelsOf(define);
  await project.generate(models);
  await project.migrate(migrated);
  const [ours, theirs] = [await everythingIn(migrated), await everythingIn(synced)];
  const found = {
    onlyMigrated: ours.filter((line) => !theirs.includes(line)),
    onlySynced: theirs.filter((line) => !ours.includes(line)),
    differences: await differencesFromModels(migrated.url, models),
    left: (await project.difference(models)).proposals,
    stepsAfterSync: await project.migrate(synced),
  };
  await project.undo(migrated);
  return { ...found, afterUndo: await schemaOf(migrated) };
}

export const SAME = {
  onlyMigrated: [],
  onlySynced: [],
  differences: [],
  left: [],
  stepsAfterSync: [],
  afterUndo: [],
};
