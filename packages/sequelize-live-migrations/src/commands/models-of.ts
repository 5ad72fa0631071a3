import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Model, ModelStatic, Sequelize } from 'sequelize';
import { exportedBy, exportedValue, type Folder, importModules, type Project } from '../sequelize-cli';

const { resolve } = createRequire(__filename);

/**
 * The models of a project, whose index may be CommonJS or an ES module.
 *
 * @throws where its `.sequelizerc` does not say where they are, or their module does not export `sequelize`
 */
export async function modelsOf({ models, root }: Project): Promise<ModelStatic<Model>[]> {
  if (models === undefined)
    throw new Error('The .sequelizerc does not say where the models are: models: "…".');
  if (![models.sources, models.compiled].some((folder) => fs.existsSync(folder))) {
    throw new Error(
      `There is no folder ${path.relative(root, models.sources)}, which .sequelizerc names as models. Nothing was ` +
        'done. Correct the path.',
    );
  }
  const index = indexOf(models.compiled);
  if (index === undefined) throw new Error(withoutIndex(path.relative(root, models.sources), models));
  await importModules([index]);
  const sequelize = exportedValue(exportedBy(index), 'sequelize');
  if (hasModels(sequelize)) return Object.values(sequelize.models);
  throw new Error(
    `${models.sources} does not export "sequelize", the instance that the models are attached to.`,
  );
}

/** The module that a folder stands for: of an ES module, too, which Node.js looks for only as `index.js`. */
function indexOf(folder: string): string | undefined {
  for (const candidate of [folder, path.join(folder, 'index.cjs'), path.join(folder, 'index.mjs')]) {
    try {
      return resolve(candidate);
    } catch {
      // the next one
    }
  }
  return undefined;
}

function withoutIndex(folder: string, { sources, compiled }: Folder): string {
  const [ending, what] =
    sources === compiled ? ['js', 'npx sequelize-cli init:models writes one'] : ['ts', 'Write one'];
  return `${folder} has no index.${ending}, which exports "sequelize", with the models attached. Nothing was done. ${what}.`;
}

function hasModels(value: unknown): value is Pick<Sequelize, 'models'> {
  return typeof value === 'object' && value !== null && 'models' in value;
}
