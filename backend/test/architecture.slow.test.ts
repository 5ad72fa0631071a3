import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './support/build';
import { run } from './support/cli';
import { copyProject, removeCopies } from './support/project';

// What may import what is a lint rule (.dependency-cruiser.cjs): this shows what it lets pass and what not.

const ENGINE = 'packages/sequelize-live-migrations/src';
const SERVER = 'packages/checkout-postgres/src';

/** A folder, what a module in it imports, and the rule that forbids it; the name of a rule is that of its comment. */
type Probe = readonly [folder: string, imported: string, rule?: string];

const PROBES: readonly Probe[] = [
  ['backend/src/migrations', 'sequelize'],
  ['backend/src/migrations', 'sequelize-live-migrations'],
  ['backend/src/migrations', '../models/section', 'migrations-are-frozen'],
  ['backend/src/migrations', '../config/database', 'migrations-are-frozen'],
  ['backend/src/migrations', './20250724-align-conversation-messages', 'migrations-are-frozen'],
  ['backend/src/migrations', 'node:fs', 'migrations-are-frozen'],
  ['backend/src/models', './user-session'],
  ['backend/src/models', '../config/database', 'models-need-no-configuration'],
  ['backend/src/seeders', '../models/section', 'seeders-stand-alone'],
  ['backend/src/config', 'sequelize-live-migrations/config'],
  ['backend/src/config', 'checkout-postgres'],
  ['backend/src/config', 'node:path'],
  ['backend/src/config', 'sequelize-live-migrations/src/plan/plan', 'nothing-unresolved'],
  ['backend/src/config', '../../../packages/checkout-postgres/src/system', 'packages-by-their-exports'],
  [`${ENGINE}/plan`, '../catalog'],
  [`${ENGINE}/run`, '../plan'],
  [`${ENGINE}/run`, '../session'],
  [`${ENGINE}/testing`, '../sequelize-cli'],
  [`${ENGINE}/sequelize-cli`, 'node:fs'],
  [`${ENGINE}/plan`, '../run', 'plan-imports-only-what-is-before-it'],
  [`${ENGINE}/session`, '../run', 'session-imports-only-what-is-before-it'],
  [`${ENGINE}/run`, '../sequelize-cli', 'run-imports-only-what-is-before-it'],
  [`${ENGINE}/sequelize-cli`, '../testing', 'sequelize-cli-imports-only-what-is-before-it'],
  [`${ENGINE}/run`, '../plan/draft/step', 'modules-by-their-index'],
  [`${ENGINE}/plan/columns`, '../draft/step'],
  [`${ENGINE}/plan/rows`, '../tables/create-table', 'plan-rows-imports-only-what-is-before-it'],
  [`${ENGINE}/plan/tables`, '../plan-changes', 'plan-tables-imports-only-what-is-before-it'],
  [`${ENGINE}/plan`, 'node:fs', 'pure-modules-do-no-io'],
  [`${ENGINE}/catalog`, 'pg', 'pure-modules-do-no-io'],
  [`${ENGINE}/testing`, '../../../../backend/src/models', 'packages-know-no-application'],
  [`${SERVER}`, 'pg'],
  [`${SERVER}`, '../../sequelize-live-migrations/src/plan', 'packages-by-their-exports'],
];

afterAll(removeCopies);

it('each module may import what the rules say, and nothing else; no two may import each other', async () => {
  const cwd = copyProject({ with: ['.dependency-cruiser.cjs'] });
  const write = (file: string, text: string) => fs.writeFileSync(path.join(cwd, file), text);
  const probes = PROBES.map(([folder, imported, rule], n) => ({
    file: `${folder}/probe${n}.ts`,
    imported,
    rule,
  }));
  for (const { file, imported } of probes)
    write(file, `import * as it from '${imported}';\nexport { it };\n`);
  write(`${ENGINE}/plan/circle1.ts`, "import type { Two } from './circle2';\nexport type One = Two[];\n");
  write(
    `${ENGINE}/plan/circle2.ts`,
    "import type { One } from './circle1';\nexport type Two = One | null;\n",
  );

  const cruiser = path.join(cwd, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout, stderr } = await run(
    process.execPath,
    [cruiser, '--output-type', 'json', 'backend/src', 'packages'],
    { cwd },
  );
  expect(stderr).toBe('');
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  const rulesOf = (file: string) =>
    summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
  expect(probes.map(({ file, imported }) => ({ file, imported, rules: rulesOf(file) }))).toEqual(
    probes.map(({ file, imported, rule }) => ({
      file,
      imported,
      rules: rule === undefined ? [] : expect.arrayContaining([rule]),
    })),
  );
  expect(rulesOf(`${ENGINE}/plan/circle1.ts`)).toEqual(['no-circle']);
});

it('the packages know nothing of this application, its tables and its folders', () => {
  const words = /prd[-_ ]?maker|user_sessions|conversation_messages|['"`]sections\b|backend\//i;
  const files = ['sequelize-live-migrations', 'checkout-postgres'].flatMap((name) => {
    const names = fs.readdirSync(path.join(ROOT, 'packages', name), { recursive: true, encoding: 'utf8' });
    return names.map((file) => path.join('packages', name, file));
  });
  const isPublished = /^packages\/[^/]+\/((src|bootstrap|docs)\/.*\.\w+|[^/]+\.(js|json|md))$/;
  const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
  const published = files.filter((file) => isPublished.test(file));
  expect(published.length).toBeGreaterThan(100);
  expect(published.filter((file) => words.test(read(file)))).toEqual([]);
});
