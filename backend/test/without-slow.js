'use strict';

// Which tests `npm test` runs, as Jest's `--filter`: all but those in files NAME.slow.test.ts, unless it is told which to
// run, as in `npm test -- NAME` and `npm test -- --testNamePattern WORDS`.

const SLOW = '.slow.test.ts';

/** Neither an option nor the number of one, as in `--maxWorkers 2`. */
const isTold = process.argv.slice(2).some((argument) => !/^-|^\d+%?$/.test(argument));

module.exports = (files) => ({ filtered: isTold ? files : files.filter((file) => !file.endsWith(SLOW)) });
