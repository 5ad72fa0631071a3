import fs from 'node:fs';
import path from 'node:path';
import { generated } from '../support/generated';
import { copyProject, removeCopies } from '../support/project';

let checkout: string;

beforeAll(() => {
  checkout = copyProject({ with: ['backend/test', 'eslint.config.mjs', '.prettierignore'] });
});

afterAll(() => removeCopies());

it('a migration sorts after the newest, even one that is in the future', () => {
  const future = 'backend/src/migrations/20990101-from-the-future';
  fs.writeFileSync(path.join(checkout, `${future.replace('src', 'dist')}.js`), '');
  const [file = ''] = generated(checkout, 'migration:generate', 'after-it');
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
  expect(() => generated(checkout, command, name)).toThrow(message);
  expect(() => generated(checkout, command, name)).toThrow('Nothing was written');
  expect(written()).toEqual(before);
});
