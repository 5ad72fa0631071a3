import type { Generators } from '../sequelize-cli';
import { generateFromModels, isFromModels } from './from-models';
import { generate } from './generate';
import { generateModel } from './generate-model';
import { init } from './init';

export { type File, migrationFiles, slugOf, writeFiles } from './generate';

export const generators: Generators = {
  startProject: (project, line) => init(project, line) || generateModel(project, line),
  generateFile: (project, line) => {
    if (isFromModels(project, line)) generateFromModels(project, line);
    return generate(project, line.name, line.options.find(({ name }) => name === 'name')?.value);
  },
};
