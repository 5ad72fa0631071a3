import { Sequelize, type Model, type ModelStatic } from 'sequelize';
import { compareWithModels } from '../commands';
import { DEFAULT_LIMITS } from '../session';

/** One line for each difference between a database and what models declare. */
export async function differencesFromModels(
  url: string,
  models: readonly ModelStatic<Model>[],
): Promise<string[]> {
  const sequelize = new Sequelize(url, { logging: false });
  const reporter = { line: () => undefined, progress: () => undefined };
  try {
    const { differences } = await compareWithModels({ sequelize, limits: DEFAULT_LIMITS, reporter }, models);
    return differences;
  } finally {
    await sequelize.close();
  }
}
