import { assertOneSequelize, type Generate } from '../sequelize-cli';
import { generateFromModels, isFromModels } from './from-models';
import { generateFile } from './generate';
import { generateModel } from './generate-model';
import { init } from './init';

export { type File, migrationFiles, slugOf, writeFiles } from './generate';

export const generate: Generate = (project, line) => {
  if (init(project, line) || generateModel(project, line)) return true;
  assertOneSequelize(project);
  if (isFromModels(project, line)) generateFromModels(project, line);
  return generateFile(project, line.name, line.options.find(({ name }) => name === 'name')?.value);
};
