import { run } from './support/cli';

// The rooms of backend/src, and who may import whom, are a lint rule: this shows what it lets pass and what not.

const MIGRATION = 'migrations/20250723-add-version-to-sections.ts';

const allowed = [
  [MIGRATION, 'sequelize'],
  [MIGRATION, '../schema'],
  ['schema/plan/tables.ts', '../catalog'],
  ['models/index.ts', '../config/database'],
  ['models/section.ts', './user-session'],
  ['config/database.ts', '../embedded'],
  ['config/database.ts', 'node:path'],
  ['cli/storage.ts', '../schema/runner'],
  ['testing/run.ts', '../config/database'],
  ['testing/run.ts', '../schema/locks'],
] as const;

const forbidden = [
  [MIGRATION, '../models'],
  [MIGRATION, '../config/database'],
  [MIGRATION, './20250724-align-conversation-messages'],
  [MIGRATION, 'node:fs'],
  ['schema/inspect/index.ts', '../models'],
  ['schema/inspect/index.ts', 'node:fs'],
  ['schema/plan/tables.ts', '../../config/database'],
  ['models/section.ts', '../config/database'],
  ['config/database.ts', '../models'],
  ['embedded/server.ts', '../config/database'],
  ['cli/preflight.ts', '../migrations/20250723-add-version-to-sections'],
  ['cli/preflight.ts', 'umzug'],
  ['cli/storage.ts', '../testing/run'],
  ['testing/run.ts', '../models'],
  ['testing/template.ts', '../migrations/20250723-add-version-to-sections'],
] as const;

/** Prints, for each file and import, whether the project's own lint rule accepts it. */
const LINT = `
  const { ESLint, Linter } = require('eslint');
  const ask = async ([file, imported]) => {
    const config = await new ESLint().calculateConfigForFile('backend/src/' + file);
    const rules = { 'no-restricted-imports': config.rules['no-restricted-imports'] };
    return new Linter().verify("import thing from '" + imported + "'", { rules }).length === 0;
  };
  Promise.all(JSON.parse(process.argv[1]).map(ask)).then((answers) => console.log(JSON.stringify(answers)));`;

it('each room may import what the list of rooms says, and nothing else', async () => {
  const probes = [...allowed, ...forbidden];
  const { stdout, stderr } = await run(process.execPath, ['-e', LINT, JSON.stringify(probes)]);
  expect(stderr).toBe('');
  const answers: unknown = JSON.parse(stdout);
  const verdicts = (list: readonly (readonly string[])[], verdict: boolean) =>
    list.map(([file, imported]) => ({ file, imported, verdict }));
  expect(
    probes.map(([file, imported], n) => ({
      file,
      imported,
      verdict: Array.isArray(answers) && answers[n] === true,
    })),
  ).toEqual([...verdicts(allowed, true), ...verdicts(forbidden, false)]);
});
