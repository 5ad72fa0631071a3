import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../test/support/build';
import { createDatabase } from '../test/support/database';
import { copyProject, removeCopies } from '../test/support/project';
import { comparison, measure, measureCli, median, type Sample } from './measure';

const REPETITIONS = 15;
const PLAIN = path.join(__dirname, 'plain');

/**
 * Compares `sequelize-cli db:migrate` of this project with plain sequelize-cli and the same changes in hand-written
 * JavaScript (`plain/`), alternating, on the same server; and measures what an edit adds to the next command.
 */
export async function benchCli(): Promise<void> {
  try {
    console.log(
      `sequelize-cli db:migrate with Node.js ${process.version}, medians of ${String(REPETITIONS)} alternating runs after one to warm up`,
    );
    console.table([
      await compareApplying('everything, empty database'),
      await compareNothingToDo(),
      await compareApplying('everything, nothing compiled yet', NOTHING_COMPILED),
    ]);
    console.log('what compiling, with type checking, adds to a command');
    console.table(timeCompiling());
  } finally {
    removeCopies();
  }
}

/** As the first command of a clone: no other has kept what Node.js has compiled. */
const NOTHING_COMPILED = { NODE_DISABLE_COMPILE_CACHE: '1' };

const migrate = (cwd: string, url: string, env = {}) => measureCli('db:migrate', cwd, url, env);

async function compareApplying(what: string, env = {}) {
  const applyIn = async (cwd: string) => migrate(cwd, (await createDatabase()).url, env);
  const [ours, plain] = await alternate(
    () => applyIn(ROOT),
    () => applyIn(PLAIN),
  );
  return comparison(what, ours, plain, '≤ 1.25');
}

async function compareNothingToDo() {
  const database = await createDatabase();
  const plainDatabase = await createDatabase();
  const [ours, plain] = await alternate(
    () => migrate(ROOT, database.url),
    () => migrate(PLAIN, plainDatabase.url),
  );
  return comparison('nothing to do', ours, plain, '≤ 1.05');
}

async function alternate(ours: () => Sample | Promise<Sample>, plain: () => Sample | Promise<Sample>) {
  const samples: [Sample[], Sample[]] = [[], []];
  for (let run = 0; run <= REPETITIONS; run += 1) {
    const ourSample = await ours();
    const plainSample = await plain();
    if (run === 0) continue; // warms up, and applies what there is to apply
    samples[0].push(ourSample);
    samples[1].push(plainSample);
  }
  return samples;
}

/** What an edit adds to the next command: `.sequelizerc` compiles in sequelize-cli's own process. */
function timeCompiling() {
  const project = copyProject();
  const migration = path.join(project, 'backend/src/migrations/20250723-add-version-to-sections.ts');
  const script = `const { compile } = require('./packages/sequelize-live-migrations/bootstrap/compile.js');
    const { loadProject } = require('./packages/sequelize-live-migrations/bootstrap/project.js');
    const project = loadProject(process.cwd());
    const start = performance.now();
    const problem = compile(project);
    if (problem) throw new Error(problem);
    require('node:fs').writeFileSync('took', String((performance.now() - start) / 1000));`;
  const timeBuild = () => {
    measure(['-e', script], project, {});
    return Number(fs.readFileSync(path.join(project, 'took'), 'utf8'));
  };
  const edited: number[] = [];
  const unchanged: number[] = [];
  for (let run = 0; run < REPETITIONS; run += 1) {
    fs.appendFileSync(migration, '\n');
    edited.push(timeBuild());
    unchanged.push(timeBuild());
  }
  return [
    { after: 'one edit', 'median s': median(edited).toFixed(3), aim: '≤ 0.5' },
    { after: 'no edit', 'median s': median(unchanged).toFixed(3), aim: 'no compiler' },
  ];
}
