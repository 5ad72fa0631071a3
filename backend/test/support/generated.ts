import { parse } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/command-line';
import { generateFile } from '../../../packages/sequelize-live-migrations/src/generators/generate';
import { generateModel } from '../../../packages/sequelize-live-migrations/src/generators/generate-model';
import { init } from '../../../packages/sequelize-live-migrations/src/generators/init';
import {
  loadProject,
  type Project,
} from '../../../packages/sequelize-live-migrations/src/sequelize-cli/project';
import { ROOT } from './build';

/** In a copy of this checkout, what preflight does with a generator's command line, without a process that compiles the checkout first. */
export function generated(checkout: string, command: string, name?: string): string[] {
  const project: Project = JSON.parse(JSON.stringify(loadProject(ROOT)).replaceAll(ROOT, checkout));
  const said = jest.spyOn(console, 'log').mockImplementation();
  try {
    const line = parse([command, ...(name === undefined ? [] : [`--name=${name}`])]);
    expect(init(project, line) || generateModel(project, line) || generateFile(project, command, name)).toBe(
      true,
    );
    return said.mock.calls.map(([line]) => String(line).replace('New file: ', ''));
  } finally {
    said.mockRestore();
  }
}
