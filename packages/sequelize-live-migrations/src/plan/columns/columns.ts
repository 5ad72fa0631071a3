import { type Catalog, type Column, columnNamed, columnSql, type Table } from '../../catalog';
import { type ChangeColumn, type ColumnDeclaration, enumLabelsOf } from '../../vocabulary';
import { planForeignKey, underNameFound } from '../constraints/foreign-keys';
import { dropLeftoverNotNullChecks, setNotNull } from '../constraints/not-null';
import { declaredColumn, declaredKey, EXISTING_COLUMNS } from '../declared/as-declared';
import { isRestoring, planColumnComment } from '../declared/comments';
import { declareColumns } from '../declared/declarations';
import { createMissingEnum, enumConflicts } from '../declared/enum-types';
import { alterColumn, alterTable } from '../draft/alter';
import type { Draft } from '../draft/draft';
import { withoutKeyOfLater } from '../draft/gone-later';
import { withLabels } from '../enums/enum-labels';
import { planEnumName } from '../enums/kept-aside-enums';
import { nameToRestore, restore } from '../kept-aside/keep-aside';
import { removableColumn } from '../kept-aside/removable-column';
import { dropNotNullOfPrepared } from '../overlap/prepared';
import { resumeOverlap } from '../overlap/resume';
import { fillSteps } from '../rows/backfill';
import { columnConflicts } from './column-conflicts';
import { changeType } from './column-type';
import { domainConflict } from './rewrites';

/** Adds the column where it is absent, and reconciles it where it exists. The same for the column's foreign key. */
export async function planAddColumn(draft: Draft, whole: ColumnDeclaration): Promise<void> {
  await planEnumName(draft, whole, await keptColumn(draft, whole));
  const declaration = await withTypeKept(draft, await withoutKeyOfLater(draft, whole));
  const { table, column } = declaration;
  await draft.table(table);
  if (await resumeOverlap(draft, declaration)) return;
  if (draft.refuse(...enumConflicts(await draft.catalog(), declaration))) return;
  const declared = await declareColumns(draft, table, [declaration]);
  const defaultSql = declaredColumn(declared, declaration).default;
  await restore(draft, removableColumn(draft, table, column, defaultSql));
  const found = columnNamed(await draft.table(table), column);
  if (declaration.isPurged && !found) {
    draft.notice(`column ${table}.${column} comes back without the values that were deleted`);
  }
  const isOfOtherType = found !== undefined && found.type !== declaredColumn(declared, declaration).type;
  if (isRestoring(draft, declaration) && isOfOtherType) {
    const restored = ofType(declaration, found);
    await planColumn(draft, restored, await declareColumns(draft, table, [restored]));
    return;
  }
  await planColumn(draft, declaration, declared);
}

/**
 * The declaration of a column that an undo restores, with the enum type that this has: where the column, or its table, was
 * renamed, the type has another name than the one that is declared, and something else may have that by now.
 */
async function withTypeKept(draft: Draft, declaration: ColumnDeclaration): Promise<ColumnDeclaration> {
  const { table: name, column, attributes } = declaration;
  if (!isRestoring(draft, declaration) || !enumLabelsOf(attributes)) return declaration;
  const kept = (await keptColumn(draft, declaration)) ?? columnNamed(await draft.table(name), column);
  return kept ? ofType(declaration, kept) : declaration;
}

/** The column that is restored in place of being added. */
async function keptColumn(draft: Draft, { table, column }: ColumnDeclaration): Promise<Column | undefined> {
  const asideName = await nameToRestore(draft, removableColumn(draft, table, column));
  return asideName === undefined ? undefined : columnNamed(await draft.table(table), asideName);
}

function ofType(declaration: ColumnDeclaration, { type }: Column): ColumnDeclaration {
  return { ...declaration, attributes: { ...declaration.attributes, type } };
}

/** Reconciles a column, which has to exist. */
export async function planChangeColumn(draft: Draft, change: ChangeColumn): Promise<void> {
  const { table, column, attributes } = change;
  const inTable = await draft.table(table);
  const found = columnNamed(inTable, column);
  if (!found) {
    draft.refuse({
      what: `column ${table}.${column}`,
      expected: 'that it is there',
      found: 'no such column',
    });
    return;
  }
  const kept = inTable.foreignKeys.filter(({ columns }) => columns.join() === column);
  if (!attributes.references && kept.length > 0) {
    const names = kept.map(({ name }) => name).join(', ');
    draft.notice(`column ${table}.${column} keeps its foreign key ${names}: changeColumn removes none`);
  }
  await planAddColumn(draft, await withLabels(draft, change, found));
}

/** Adds or reconciles a column, and its foreign key, as PostgreSQL has declared it on the shadow. */
export async function planColumn(
  draft: Draft,
  declaration: ColumnDeclaration,
  declared: Catalog,
): Promise<void> {
  const desired = declaredColumn(declared, declaration);
  const table = await draft.table(declaration.table);
  let found = columnNamed(table, declaration.column);
  if (found && draft.isChangedLater(table.name, found.name)) {
    draft.notice(`column ${table.name}.${found.name} stays as a later migration, which has run, has made it`);
    return;
  }
  if (found && declaration.kind === 'changeColumn') {
    found = await changeType(draft, table, desired, found);
    if (!found) return;
  }
  const conflicts = await columnConflicts(draft, declaration, desired, found);
  if (draft.refuse(...conflicts)) return;
  draft.add(...dropLeftoverNotNullChecks(table));
  if (found) await reconcile(draft, declaration, withoutLoss(draft, declaration, desired, found), found);
  else if (!(await addColumn(draft, declaration, desired, declared))) return;
  await planColumnComment(draft, declaration);
  const key = declaredKey(declared, declaration);
  if (!declaration.attributes.references || !key) return;
  const inTable = await draft.table(declaration.table);
  // One that was made when the column had been renamed already is named after that.
  const { column, columnNamedFor = column } = declaration;
  const isKept = isRestoring(draft, declaration) || columnNamedFor !== column;
  await planForeignKey(draft, declaration.table, isKept ? underNameFound(inTable, key) : key);
}

/**
 * What a column that is there is to become. The undo of a removal restores it as it was, of which the migration may say
 * less: then its default stays, and so does its not null.
 */
function withoutLoss(draft: Draft, declaration: ColumnDeclaration, desired: Column, found: Column): Column {
  if (!isRestoring(draft, declaration)) return desired;
  return { ...desired, default: found.default, notNull: desired.notNull || found.notNull };
}

/** Adds the steps that reconcile a column which does not conflict with the declaration. */
export async function reconcile(
  draft: Draft,
  { table: name, column, attributes }: ColumnDeclaration,
  desired: Column,
  found: Column,
): Promise<void> {
  if (desired.default !== found.default && !desired.serial) {
    draft.add(
      desired.default === null
        ? alterColumn(name, column, 'drop the default of', 'DROP DEFAULT')
        : alterColumn(name, column, 'set the default of', `SET DEFAULT ${desired.default}`),
    );
  }
  if (desired.notNull && !found.notNull) {
    const table = await draft.table(name);
    await setNotNull(draft, table, desired, fillSteps(draft, table, desired, attributes));
  }
  if (found.notNull && !desired.notNull) {
    draft.add(alterColumn(name, column, 'drop not null of', 'DROP NOT NULL'));
    await dropNotNullOfPrepared(draft, name, column);
  }
}

/**
 * Adds the steps that add a column. A default that is the same for all rows is stored once, in the catalog. With one that
 * is not, such as a random id, `ADD COLUMN` would rewrite the table under an ACCESS EXCLUSIVE lock (manual, ALTER
 * TABLE, Notes): where there are rows, the column is added without such a default, and filled in batches.
 *
 * @returns false where even that would rewrite it, so that it is refused
 */
async function addColumn(
  draft: Draft,
  declaration: ColumnDeclaration,
  desired: Column,
  declared: Catalog,
): Promise<boolean> {
  const { table: name, attributes } = declaration;
  const table = await draft.table(name);
  const rewrites = desired.default !== null && !desired.isStored && !desired.serial;
  const needsBackfill = desired.notNull && desired.default === null && attributes.backfill !== undefined;
  const isFilledLater = (rewrites || needsBackfill) && (await draft.rows.existIn(table));
  const added = isFilledLater ? { ...desired, default: null, notNull: false } : desired;
  const step = alterTable(name, `add column ${name}.${desired.name}`, `ADD COLUMN ${columnSql(added)}`);
  const steps = [...createMissingEnum(await draft.catalog(), declaration), step];
  const isRewritten = declared.tables.get(name)?.file !== table.file && (await draft.rows.existIn(table));
  if (isRewritten && draft.refuse(...(await domainConflict(draft, table, desired, steps)))) return false;
  // A foreign key has a step of its own.
  const isAllDeclared =
    !isFilledLater && attributes.references === undefined && isOnlyColumn(declared, table);
  if (isAllDeclared && draft.isDeclaredLast(declared)) draft.addDeclared(declared, steps);
  else draft.add(...steps);
  if (!isFilledLater) return true;
  await reconcile(draft, declaration, desired, added);
  if (!desired.notNull) draft.add(...fillSteps(draft, await draft.table(name), desired, attributes));
  return true;
}

/** Whether one column is all that was declared: for a table that is there, each of its columns is. */
function isOnlyColumn({ tables }: Catalog, { name, columns }: Table): boolean {
  return !tables.has(EXISTING_COLUMNS) && tables.get(name)?.columns.length === columns.length + 1;
}
