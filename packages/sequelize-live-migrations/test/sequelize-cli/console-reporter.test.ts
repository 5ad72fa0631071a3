import path from 'node:path';
import { run } from '../support/cli';

/** Tells of some work that takes so long, and then of the next step. */
const tell = (milliseconds: number, total: string) =>
  run(process.execPath, [
    '-e',
    `const { consoleReporter } = require(${JSON.stringify(path.join(__dirname, '../../dist/sequelize-cli/console-reporter.js'))});
     const reporter = consoleReporter();
     reporter.line('create index pets_name');
     const timer = setInterval(() => reporter.progress({ what: 'building', done: 50 ${total} }), 50);
     setTimeout(() => { clearInterval(timer); reporter.progress(undefined); reporter.line('add column pets.age'); }, ${milliseconds});`,
  ]);

it('what is done at once is a line; what takes its time is a line with how far it is, where there is no terminal', async () => {
  const [quick, slow, endless] = await Promise.all([
    tell(300, ''),
    tell(1600, ', total: 200'),
    tell(1600, ''),
  ]);
  expect(quick.stdout).toBe('   create index pets_name\n   add column pets.age\n');
  expect(slow.stdout).toMatch(
    /^ {3}create index pets_name\n( {3}\S+ 25% building\n)+ {3}add column pets\.age\n$/,
  );
  expect(endless.stdout).toMatch(
    /^ {3}create index pets_name\n( {3}building: 50 rows\n)+ {3}add column pets\.age\n$/,
  );
});
