'use strict';

// Required before a measured command: leaves its largest resident set, in KiB, in a file.
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
