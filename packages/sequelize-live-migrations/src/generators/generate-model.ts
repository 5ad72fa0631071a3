import fs from 'node:fs';
import path from 'node:path';
import { DataTypes, Utils } from 'sequelize';
import { type CommandLine, type Project, UsageError } from '../sequelize-cli';
import { slugOf, writeFiles } from './generate';
import { type ModelToWrite, modelSource } from './init-templates';
import { isCompiled, moduleKindOf } from './language';

const OPTIONS = ['name', 'attributes', 'underscored', 'env', 'debug'];

/**
 * `model:generate`, in place of sequelize-cli's own, which writes a migration that is not safe on a live database: writes
 * the model, of which `migration:generate` makes the migration.
 *
 * @returns whether the command was that, and is done
 * @throws UsageError where the project's models are of a form that is not known here, and for what cannot be understood
 */
export function generateModel(project: Project, { name: command, options }: CommandLine): boolean {
  if (!/^model:(generate|create)$/.test(command)) return false;
  if (isCompiled(project)) throw byHand(project, command);
  const unknown = options.find(({ name }) => !OPTIONS.includes(name));
  if (unknown)
    throw new UsageError(
      `${command} takes no --${unknown.name}: nothing is overwritten. Nothing was written.`,
    );
  const valueOf = (option: string) => options.find(({ name }) => name === option)?.value ?? '';
  const model = {
    name: nameIn(valueOf('name')),
    attributes: attributesIn(valueOf('attributes')),
    isUnderscored: options.some(({ name }) => name === 'underscored'),
  };
  write(project, model);
  return true;
}

function write(project: Project, model: ModelToWrite): void {
  const folder = project.models?.sources ?? path.join(project.root, 'models');
  const index = ['js', 'cjs', 'mjs']
    .map((ending) => path.join(folder, `index.${ending}`))
    .find(fs.existsSync);
  const shown = (file: string) => path.relative(project.root, file).replaceAll('\\', '/');
  if (index === undefined) {
    throw new UsageError(
      `There is no ${shown(folder)}/index.js, which has the models attached. Nothing was written. Write it: npx sequelize-cli init:models`,
    );
  }
  const file = path.join(folder, `${model.name.toLowerCase()}.js`);
  if (fs.existsSync(file))
    throw new UsageError(
      `${shown(file)} is there already. Nothing was written. Edit it, or take another name.`,
    );
  writeFiles(project, [[file, modelSource(moduleKindOf(file), model)]]);
  const isAttached = /\breaddir/.test(fs.readFileSync(index, 'utf8'));
  if (!isAttached) console.log(`Attach it in ${shown(index)}, as the others are.`);
  console.log(
    `Next: npx sequelize-cli migration:generate --name create-${slugOf(Utils.pluralize(model.name))}`,
  );
}

function nameIn(name: string): string {
  if (/^[A-Z]\w*$/.test(name)) return name;
  throw new UsageError(
    `--name is the name of a class, for example --name Pet${name && `, and not ${name}`}. Nothing was written.`,
  );
}

/** `name:string,tags:array:string,role:enum:{admin, guest}`, with commas or spaces in between, as sequelize-cli has it. */
function attributesIn(text: string): ModelToWrite['attributes'] {
  const found = text.match(/[^\s,{]+(\{[^}]*\})?/g) ?? [];
  if (found.length === 0) throw notUnderstood(text);
  return found.map((attribute) => {
    const [, name, type, of] = /^([A-Za-z_$][\w$]*):(\w+)(?::(.+))?$/.exec(attribute) ?? [];
    if (name === undefined || type === undefined) throw notUnderstood(attribute);
    return [name, typeSource(attribute, type.toUpperCase(), of)] as const;
  });
}

function typeSource(attribute: string, type: string, of: string | undefined): string {
  if (!isDataType(type)) throw notUnderstood(attribute);
  const [, labels] = /^\{(.+)\}$/.exec(of ?? '') ?? [];
  if (type === 'ENUM' && labels !== undefined) {
    const values = labels
      .split(',')
      .map((label) => stringSource(label.trim().replace(/^['"](.*)['"]$/, '$1')));
    return `DataTypes.ENUM(${values.join(', ')})`;
  }
  if (
    type === 'ARRAY' &&
    of !== undefined &&
    isDataType(of.toUpperCase()) &&
    !TAKES_PARTS.includes(of.toUpperCase())
  )
    return `DataTypes.ARRAY(DataTypes.${of.toUpperCase()})`;
  if (of !== undefined || TAKES_PARTS.includes(type)) throw notUnderstood(attribute);
  return `DataTypes.${type}`;
}

function stringSource(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** The types that say nothing without others. */
const TAKES_PARTS = ['ARRAY', 'ENUM', 'RANGE', 'VIRTUAL', 'ABSTRACT'];

function isDataType(type: string): boolean {
  return /^[A-Z]+[A-Z0-9]*$/.test(type) && typeof Reflect.get(DataTypes, type) === 'function';
}

function notUnderstood(attribute: string): UsageError {
  return new UsageError(
    `--attributes has names and types of Sequelize, for example name:string,born:date,tags:array:string,` +
      `kind:enum:{cat,dog}${attribute && `, and not ${attribute}`}. Nothing was written.`,
  );
}

function byHand({ root, models }: Project, command: string): UsageError {
  const folder = models === undefined ? '' : ` in ${path.relative(root, models.sources)}`;
  return new UsageError(
    `${command} would write a migration that is not safe on a live database. Nothing was written. Write the model ` +
      `by hand${folder}, attach it as the others are, and generate the migration: ` +
      'npx sequelize-cli migration:generate --name create-…',
  );
}
