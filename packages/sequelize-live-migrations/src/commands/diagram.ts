import fs from 'node:fs';
import path from 'node:path';
import type { Catalog } from '../catalog';
import { subjectOf, withShadows } from '../run';
import { declaredBy, homeOf, tablesBySchema } from '../models';
import type { Command } from './command';
import { mermaidDiagram } from './mermaid';
import { modelsOf } from './models-of';

const MARKED = /(<!-- db:diagram -->\n)[\s\S]*?(<!-- \/db:diagram -->)/;

/**
 * Draws the tables of the models, as the configured database has them, between two marks in a file of the project. For a
 * database with no other changes than those of the migrations.
 */
export const diagram: Command = {
  parameters: 'FILE',
  accepts: (args) => args.length === 1,
  async work({ project, run }, [file = '']) {
    const target = path.resolve(project.root, file);
    const text = fs.readFileSync(target, 'utf8');
    if (!MARKED.test(text))
      throw new Error(
        `There is no <!-- db:diagram --> … <!-- /db:diagram --> in ${target}. Nothing was written.`,
      );
    const parts: Catalog[] = [];
    const home = await homeOf(run.sequelize);
    for (const tables of tablesBySchema(declaredBy(await modelsOf(project), home))) {
      const { live } = await withShadows(run, subjectOf(tables), (shadows) => Promise.resolve(shadows));
      parts.push(live);
    }
    const tables = new Map(parts.flatMap((part) => [...part.tables]));
    const live = { tables, enums: new Map(parts.flatMap(({ enums }) => [...enums])) };
    const drawn = `\n\`\`\`mermaid\n${mermaidDiagram(live)}\n\`\`\`\n\n`;
    fs.writeFileSync(
      target,
      text.replace(MARKED, (_, begin: string, end: string) => begin + drawn + end),
    );
    console.log(
      `Drawn from database ${run.sequelize.getDatabaseName()} into ${file}: ${[...live.tables.keys()].join(', ')}`,
    );
  },
};
