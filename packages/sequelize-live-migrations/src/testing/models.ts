import type { Model, ModelStatic } from 'sequelize';
import { compareWithModels } from '../commands';
import { withQuietRun } from '../session';

/** One line for each difference between a database and what models declare. */
export async function differencesFromModels(
  url: string,
  models: readonly ModelStatic<Model>[],
): Promise<string[]> {
  const { differences } = await withQuietRun(url, (run) => compareWithModels(run, models));
  return differences;
}
