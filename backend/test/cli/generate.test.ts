import fs from 'node:fs';
import path from 'node:path';
import { parse } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/command-line';
import { generate } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/generate';
import { generateModel } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/generate-model';
import { init } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/init';
import {
  loadProject,
  type Project,
} from '../../../packages/sequelize-live-migrations/src/sequelize-cli/project';
import { ROOT } from '../support/build';
import { copyProject, removeCopies } from '../support/project';

let checkout: string;

beforeAll(() => {
  checkout = copyProject({ with: ['backend/test', 'eslint.config.mjs', '.prettierignore'] });
});

afterAll(() => removeCopies());

/** What preflight does with a generator's command line, without a process that compiles the checkout first. */
function generated(command: string, name?: string): string[] {
  const project: Project = JSON.parse(JSON.stringify(loadProject(ROOT)).replaceAll(ROOT, checkout));
  const said = jest.spyOn(console, 'log').mockImplementation();
  try {
    const line = parse([command, ...(name === undefined ? [] : [`--name=${name}`])]);
    expect(init(project, line) || generateModel(project, line) || generate(project, command, name)).toBe(
      true,
    );
    return said.mock.calls.map(([line]) => String(line).replace('New file: ', ''));
  } finally {
    said.mockRestore();
  }
}

it('a migration sorts after the newest, even one that is in the future', () => {
  const future = 'backend/src/migrations/20990101-from-the-future';
  fs.writeFileSync(path.join(checkout, `${future.replace('src', 'dist')}.js`), '');
  const [file = ''] = generated('migration:generate', 'after-it');
  expect(file).toBe('backend/src/migrations/20990101000001-after-it.ts');
  expect(file > future).toBe(true);
});

const written = () => {
  const files = fs.readdirSync(path.join(checkout, 'backend'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => !file.includes('dist'));
};

it.each([
  ['migration:generate', undefined, '--name needs what it does'],
  ['migration:generate', '7', '--name needs what it does'],
  ['model:generate', 'Rating', 'Write the model by hand in backend/src/models'],
  ['init', undefined, 'this project is set up already'],
])('%s %s writes nothing, and says what to do instead', (command, name, message) => {
  const before = written();
  expect(() => generated(command, name)).toThrow(message);
  expect(() => generated(command, name)).toThrow('Nothing was written');
  expect(written()).toEqual(before);
});
