import { BIN, CLI, isKept, projectWith, removeProjects, run } from '../support/compile-cache';

afterAll(removeProjects);

it.each([
  ['sequelize-cli', [CLI, '--version']],
  ['sequelize-live-migrations', [BIN, 'check']],
])('%s keeps what Node.js compiles, in the project', (_, args) => {
  const root = projectWith('project/node_modules');
  run(root, args);
  expect(isKept(root)).toBe(true);
});
