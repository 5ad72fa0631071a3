import { OptimisticLockError, Sequelize } from 'sequelize';
import { attachModels, ConversationMessage, Section, SESSION_STATUSES, UserSession } from '../../src/models';
import { versionAfterUpsert } from '../../src/models/section-version';
import { run } from '../support/cli';
import { createMigratedDatabase, dropDatabases, type TestDatabase } from '../support/database';

let database: TestDatabase;
let sequelize: Sequelize;

beforeAll(async () => {
  database = await createMigratedDatabase();
  sequelize = new Sequelize(database.url, { logging: false });
  attachModels(sequelize);
});

afterAll(async () => {
  await sequelize.close();
  await dropDatabases();
});

const createSession = () => UserSession.create({ projectName: 'A board for small teams' });

async function createSection(): Promise<Section> {
  const session = await createSession();
  return session.createSection({ name: 'goals', sectionContent: 'first' });
}

/** The database's time, in milliseconds. */
async function now(): Promise<number> {
  const [row] = await database.query('SELECT floor(1000 * extract(epoch FROM clock_timestamp())) AS ms');
  return Number(row?.['ms']);
}

const contentOf = async ({ id }: Section) =>
  (await Section.findByPk(id, { rejectOnEmpty: true })).sectionContent;

describe('UserSession', () => {
  it('is created with its defaults and read with its sections and messages', async () => {
    const { sessionId, ...created } = (await createSession()).get();
    expect(created).toMatchObject({
      status: 'active',
      currentSection: 0,
      projectName: 'A board for small teams',
    });
    await Section.create({ sessionId, name: 'introduction' });
    await ConversationMessage.create({ sessionId, role: 'user', content: 'Tasks get lost.' });
    const read = await UserSession.findByPk(sessionId, { include: ['sections', 'messages'] });
    expect(read?.sections?.map(({ name }) => name)).toEqual(['introduction']);
    expect(read?.messages?.map(({ content }) => content)).toEqual(['Tasks get lost.']);
    const message = await ConversationMessage.findOne({ where: { sessionId }, include: ['session'] });
    expect(message?.session?.projectName).toBe('A board for small teams');
  });

  it.each(SESSION_STATUSES)('may be %s', async (status) => {
    const session = await createSession();
    await session.update({ status });
    expect((await session.reload()).status).toBe(status);
  });

  it('rejects another status, by the database itself', async () => {
    const { sessionId } = await createSession();
    await expect(
      sequelize.query(`UPDATE user_sessions SET status = 'lost' WHERE session_id = '${sessionId}'`),
    ).rejects.toThrow('invalid input value for enum enum_user_sessions_status: "lost"');
  });

  it('takes its sections and messages with it when it is deleted', async () => {
    const session = await createSession();
    const section = await session.createSection({ name: 'goals' });
    const message = await session.createMessage({ role: 'system', content: 'Welcome.' });
    await session.destroy();
    expect(await Section.findByPk(section.id)).toBeNull();
    expect(await ConversationMessage.findByPk(message.id)).toBeNull();
  });
});

describe('ConversationMessage', () => {
  it('gets its id, its metadata and its time from the database, through the model and from plain SQL', async () => {
    const session = await createSession();
    const before = await now();
    const created = await session.createMessage({ role: 'assistant', content: 'Who loses them?' });
    await sequelize.query(
      `INSERT INTO conversation_messages (session_id, role, content) VALUES ('${session.sessionId}', 'user', 'All of us.')`,
    );
    const after = await now();
    const messages = await session.getMessages({ order: ['createdAt'] });
    expect(messages.map(({ content }) => content)).toEqual(['Who loses them?', 'All of us.']);
    for (const { id, metadata, createdAt } of [created, ...messages]) {
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect(metadata).toEqual({});
      expect(createdAt.getTime()).toBeGreaterThanOrEqual(before);
      expect(createdAt.getTime()).toBeLessThanOrEqual(after);
    }
  });

  it('rejects another role', async () => {
    const { sessionId } = await createSession();
    await expect(
      sequelize.query(
        `INSERT INTO conversation_messages (session_id, role, content) VALUES ('${sessionId}', 'robot', '')`,
      ),
    ).rejects.toThrow('invalid input value for enum enum_conversation_messages_role: "robot"');
  });
});

describe('Section', () => {
  it('gets its defaults from the database when plain SQL inserts it', async () => {
    const { sessionId } = await createSession();
    await sequelize.query(
      `INSERT INTO sections (session_id, name, "createdAt", "updatedAt") VALUES ('${sessionId}', 'goals', now(), now())`,
    );
    const section = await Section.findOne({ where: { sessionId } });
    expect(section).toMatchObject({
      version: 1,
      completionStatus: false,
      sectionContent: null,
      validationState: { overallComplete: false, questionStates: {}, userConsent: false },
    });
  });

  it('counts its saves', async () => {
    const section = await createSection();
    expect(section.version).toBe(1);
    await section.update({ sectionContent: 'second' });
    expect((await section.reload()).version).toBe(2);
  });

  const writers: Record<string, (section: Section) => Promise<unknown>> = {
    'another save': async ({ id }) => {
      const other = await Section.findByPk(id, { rejectOnEmpty: true });
      await other.update({ sectionContent: 'theirs' });
    },
    'a static update': ({ id }) => Section.update({ sectionContent: 'theirs' }, { where: { id } }),
    'a static update of chosen fields': ({ id }) =>
      Section.update({ sectionContent: 'theirs', name: 'no' }, { where: { id }, fields: ['sectionContent'] }),
    'an upsert': ({ id, sessionId }) =>
      Section.upsert({ id, sessionId, name: 'goals', sectionContent: 'theirs' }),
    'an upsert of chosen fields': ({ id, sessionId }) =>
      Section.upsert(
        { id, sessionId, name: 'goals', sectionContent: 'theirs' },
        { fields: ['sectionContent'] },
      ),
    'a bulk create that updates': ({ id, sessionId }) =>
      Section.bulkCreate([{ id, sessionId, name: 'goals', sectionContent: 'theirs' }], {
        updateOnDuplicate: ['sectionContent'],
      }),
    'a bulk create of chosen fields that updates': ({ id, sessionId }) =>
      Section.bulkCreate([{ id, sessionId, name: 'goals', sectionContent: 'theirs' }], {
        fields: ['id', 'sessionId', 'name', 'sectionContent'],
        updateOnDuplicate: ['sectionContent'],
      }),
  };

  it.each(Object.entries(writers))(
    'rejects a stale save after %s, and overwrites nothing',
    async (_, write) => {
      const mine = await createSection();
      await write(mine);
      expect((await Section.findByPk(mine.id))?.version).toBe(2);
      await expect(mine.update({ sectionContent: 'mine' })).rejects.toThrow(OptimisticLockError);
      expect(await contentOf(mine)).toBe('theirs');
    },
  );

  it('counts upserts at the same time one by one', async () => {
    const { id, sessionId } = await createSection();
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((sectionContent) =>
        Section.upsert({ id, sessionId, name: 'goals', sectionContent }),
      ),
    );
    expect((await Section.findByPk(id))?.version).toBe(5);
  });

  it('takes an id that is given as text for the same, and lets nothing else into the SQL', () => {
    expect(versionAfterUpsert('5').val).toEqual(versionAfterUpsert(5).val);
    expect(() => versionAfterUpsert('5; DROP TABLE sections')).toThrow(SyntaxError);
    expect(() => versionAfterUpsert({})).toThrow('The id of a section is a number.');
  });

  it('starts at version 1 when an upsert or a bulk create inserts it, and tells the caller', async () => {
    const { sessionId } = await createSession();
    const [upserted] = await Section.upsert({ sessionId, name: 'goals' });
    const [created] = await Section.bulkCreate([{ sessionId, name: 'metrics' }], {
      updateOnDuplicate: ['name'],
    });
    expect([upserted.version, created?.version]).toEqual([1, 1]);
  });
});

describe('importing the models', () => {
  it('reads no configuration and opens no connection', async () => {
    const script = `const { sequelize, UserSession } = require('./backend/dist/models');
      console.log(typeof UserSession.findAll, sequelize.connectionManager.pool.size)`;
    const result = await run(process.execPath, ['-e', script], { env: { NODE_ENV: 'production' } });
    expect(result).toEqual({ code: 0, stdout: 'function 0\n', stderr: '' });
  });

  it('connects at the first query to the database that the environment names', async () => {
    const script = `const { sequelize, UserSession } = require('./backend/dist/models');
      UserSession.count().then((n) => { console.log('counted', n >= 0); return sequelize.close(); })`;
    const result = await run(process.execPath, ['-e', script], { env: { DATABASE_URL: database.url } });
    expect(result).toEqual({ code: 0, stdout: 'counted true\n', stderr: '' });
  });
});
