import type { Model, ModelStatic } from 'sequelize';
import type { Catalog, Shadows } from '../catalog';
import { check as differencesIn, describe, tablesDeclaration } from '../plan';
import { subjectOf, withShadows } from '../run';
import type { Run } from '../session';
import { type CreateTable, enumLabelsOf, enumNameOf } from '../vocabulary';
import { modelsOf, type Command } from './command';
import { declaredBy } from './declared-by-models';

/** Prints one line for each difference between the configured database and the models, or that they match. */
export const check: Command = {
  parameters: '',
  accepts: (args) => args.length === 0,
  async work({ project, run }) {
    const models = modelsOf(project);
    const { database, schema, differences } = await compareWithModels(run, models);
    for (const difference of differences) console.log(difference);
    if (differences.length > 0) process.exitCode = 1;
    else console.log(`Database ${database}, schema ${schema}, matches the ${String(models.length)} models.`);
  },
};

/** The database and the schema of the tables, and a line for each difference from what models declare. */
export async function compareWithModels(run: Run, models: readonly ModelStatic<Model>[]) {
  const tables = declaredBy(models);
  const subject = subjectOf(tables);
  const work = async (shadows: Shadows) => {
    const found = await shadows.catalog();
    const known = [...subject.tables, ...subject.parents];
    const others = [...found.tables.keys()].filter((name) => !known.includes(name));
    const declared = await shadows.declare(tablesDeclaration(run.sequelize, found, tables, others));
    const differences = differencesIn({ live: found, desired: { ...declared, enums: enumsOf(tables) } });
    return { ...shadows.place, differences: differences.map(describe) };
  };
  return withShadows(run, subject, work);
}

/** The enum types of the declared columns. */
function enumsOf(tables: readonly CreateTable[]): Catalog['enums'] {
  const types = tables.flatMap(({ table, attributes }) =>
    Object.entries(attributes).flatMap(([column, attribute]) => {
      const name = enumNameOf(table, column, attribute);
      return name === undefined ? [] : [[name, { name, labels: enumLabelsOf(attribute) ?? [] }] as const];
    }),
  );
  return new Map(types);
}
