import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/build';
import { run, sequelizeCli, succeed } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { copyFixture, removeCopies } from '../support/fixture-project';
import { schemaOf } from '../support/schema';
import { AFTER_SYNC } from '../support/sync';

// A project in TypeScript whose models are classes with the decorators of sequelize-typescript, compiled as it says.

afterAll(removeCopies);
afterAll(() => dropDatabases());

const MODELS = `
import 'reflect-metadata';
import {
  AllowNull, BelongsTo, BelongsToMany, Column, Comment, CreatedAt, DataType, Default, DeletedAt, ForeignKey, HasMany, Index,
  Model, NotNull, PrimaryKey, Sequelize, Table, Unique, UpdatedAt,
} from 'sequelize-typescript';

@Table({ tableName: 'authors', underscored: true, comment: 'Who writes' })
export class Author extends Model {
  @Column({ type: DataType.STRING(80), allowNull: false })
  declare fullName: string;

  @Unique
  @Column
  declare email: string;

  @HasMany(() => Book)
  declare books: Book[];
}

@Table({ tableName: 'books', paranoid: true, version: true })
export class Book extends Model {
  @PrimaryKey
  @Default(Sequelize.literal('gen_random_uuid()'))
  @Column(DataType.UUID)
  declare id: string;

  @Index
  @Comment("It's on the cover")
  @AllowNull(false)
  @Column
  declare title: string;

  @Index({ name: 'of_kind', unique: true, where: { pages: null } })
  @Column(DataType.ENUM('novel', 'atlas'))
  declare kind: string;

  @Index({ name: 'of_kind' })
  @Column
  declare pages: number;

  @Default(true)
  @Column
  declare inPrint: boolean;

  @Column(DataType.VIRTUAL(DataType.STRING))
  declare label: string;

  @ForeignKey(() => Author)
  @Column
  declare authorId: number;

  @BelongsTo(() => Author, { onDelete: 'CASCADE' })
  declare author: Author;

  @BelongsToMany(() => Shelf, () => Place)
  declare shelves: Shelf[];

  @CreatedAt
  declare boughtAt: Date;

  @UpdatedAt
  declare changedAt: Date;

  @DeletedAt
  declare soldAt: Date;
}

@Table({ tableName: 'shelves', timestamps: false })
export class Shelf extends Model {
  @BelongsToMany(() => Book, () => Place)
  declare books: Book[];
}

@Table({ tableName: 'places', timestamps: false })
export class Place extends Model {
  @ForeignKey(() => Book)
  @Column(DataType.UUID)
  declare bookId: string;

  @ForeignKey(() => Shelf)
  @Column
  declare shelfId: number;

  @Column
  declare since: Date;
}

export const sequelize = new Sequelize(process.env.DATABASE_URL ?? '', {
  dialect: 'postgres',
  logging: false,
  models: [Author, Book, Shelf, Place],
});
`;

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "library", "private": true }',
  '.sequelizerc': `module.exports = require('sequelize-live-migrations/sequelizerc')({
    root: __dirname,
    typescript: { project: 'tsconfig.json', folders: ['app'] },
    migrations: 'app/src/migrations',
    models: 'app/src/models',
  });`,
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: 'node16',
      strict: true,
      noImplicitAny: false, // a checkout of this package is compiled without declarations of types
      skipLibCheck: true,
      rootDir: '.',
      types: ['node'],
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
    },
    include: ['app/src'],
  }),
  'app/src/models/index.ts': MODELS,
  'app/src/migrations/README.md': 'One file for each change.',
};

function project(): string {
  const cwd = copyFixture({ withModules: false });
  for (const entry of fs.readdirSync(cwd)) fs.rmSync(path.join(cwd, entry), { recursive: true });
  for (const [file, text] of Object.entries(FILES)) {
    fs.mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
    fs.writeFileSync(path.join(cwd, file), text);
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(cwd, 'node_modules'));
  return cwd;
}

it('the generated migration makes what sync() makes of the decorated classes, and check is green', async () => {
  const cwd = project();
  const [migrated, synced] = [await createDatabase(), await createDatabase()];
  const generated = await sequelizeCli('migration:generate --name create-library', migrated.url, { cwd });
  expect(generated).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/create-library\.ts$/m),
  });
  await succeed('db:migrate', migrated.url, { cwd });

  const sync = "require('./app/dist/models').sequelize.sync().then(() => process.exit())";
  const env = (url: string) => ({ cwd, env: { DATABASE_URL: url } });
  const inPublic = `${synced.url}?options=${encodeURIComponent('-c search_path=public')}`; // which sync() takes for granted
  expect(await run(process.execPath, ['-e', sync], env(inPublic))).toMatchObject({ code: 0, stderr: '' });
  await synced.query(AFTER_SYNC);
  const isOfTables = (line: string) => !/SequelizeMeta/.test(line);
  expect((await schemaOf(migrated)).filter(isOfTables)).toEqual(await schemaOf(synced));

  const bin = path.join(ROOT, 'node_modules/sequelize-live-migrations/bin.js');
  const check = (url: string) => run(process.execPath, [bin, 'check'], env(url));
  expect(await check(migrated.url)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('the 4 models'),
  });
  const left = await sequelizeCli('migration:generate --check', migrated.url, { cwd });
  expect(left).toMatchObject({ code: 0, stdout: 'The migrations make all that the models declare.\n' });
});
