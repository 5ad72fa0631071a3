import fs from 'node:fs';
import path from 'node:path';

export const README = fs.readFileSync(path.join(__dirname, '../../README.md'), 'utf8');

/** Writes the files that are marked in the README with one of its labels, `<!-- label: path -->`. */
export function writeFromReadme(folder: string, label: string, expected: readonly string[]): void {
  const blocks = [...README.matchAll(/<!-- ([^:\n]+): (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)];
  const files = blocks.filter(([, marked]) => marked === label);
  expect(files.map(([, , name]) => name)).toEqual(expect.arrayContaining([...expected]));
  for (const [, , name = '', text = ''] of files) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}
