import fs from 'node:fs';
import path from 'node:path';
import { diagram } from '../schema/diagram';
import { inspect } from '../schema/inspect';
import { runDatabaseTask } from './database-task';
import { statedBy } from './stated-by-models';

const README = path.join(__dirname, '../../../README.md');
const MARKED = /(<!-- db:diagram -->\n)[\s\S]*?(<!-- \/db:diagram -->)/;

/**
 * `npm run db:diagram`: draws the tables of the models, as the configured database has them, between two marks in
 * the README. On a database that is migrated and nothing else.
 */
runDatabaseTask(async (run) => {
  const intents = statedBy(Object.values(run.sequelize.models));
  const { live } = await inspect(run, intents, { ofRows: false });
  const text = fs.readFileSync(README, 'utf8');
  if (!MARKED.test(text))
    throw new Error(`There is no <!-- db:diagram --> … <!-- /db:diagram --> in ${README}.`);
  const drawn = `\n\`\`\`mermaid\n${diagram(live)}\n\`\`\`\n\n`;
  fs.writeFileSync(
    README,
    text.replace(MARKED, (_, begin: string, end: string) => begin + drawn + end),
  );
  console.log(`Drawn from database ${live.database} into README.md: ${[...live.tables.keys()].join(', ')}`);
});
