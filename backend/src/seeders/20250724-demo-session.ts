import { QueryTypes, type QueryInterface, type Transaction } from 'sequelize';

// A demo interview: a session, two sections, three messages. sequelize-cli does not log seeders and runs each one every
// time, so this one does nothing where its session exists.

const SESSION_ID = '00000000-0000-4000-8000-000000000001';

const INSERT_SESSION = `
  INSERT INTO user_sessions (session_id, user_id, created_at, last_active, current_section, project_name)
  VALUES ($session, 'demo', '2025-07-24 09:00Z', '2025-07-24 09:20Z', 1, 'Reading list for a book club')
  ON CONFLICT (session_id) DO NOTHING
  RETURNING session_id`;

const INSERT_SECTIONS = `
  INSERT INTO sections (session_id, name, completion_status, section_content, "createdAt", "updatedAt")
  VALUES
    ($session, 'introduction', true, 'Members suggest books and vote on the next one.', '2025-07-24 09:05Z', '2025-07-24 09:10Z'),
    ($session, 'goals', false, NULL, '2025-07-24 09:10Z', '2025-07-24 09:10Z')`;

const INSERT_MESSAGES = `
  INSERT INTO conversation_messages (session_id, role, content, metadata, created_at)
  VALUES
    ($session, 'system', 'Welcome. What would you like to build?', '{}', '2025-07-24 09:00Z'),
    ($session, 'user', 'A reading list for my book club.', '{"section": "introduction"}', '2025-07-24 09:04Z'),
    ($session, 'assistant', 'Who decides what is read next?', '{"section": "introduction"}', '2025-07-24 09:05Z')`;

const DELETE_SESSION = 'DELETE FROM user_sessions WHERE session_id = $session';

function run({ sequelize }: QueryInterface, sql: string, transaction: Transaction) {
  return sequelize.query(sql, { type: QueryTypes.SELECT, bind: { session: SESSION_ID }, transaction });
}

export async function up(queryInterface: QueryInterface): Promise<void> {
  await queryInterface.sequelize.transaction(async (transaction) => {
    const inserted = await run(queryInterface, INSERT_SESSION, transaction);
    if (inserted.length === 0) return;
    await run(queryInterface, INSERT_SECTIONS, transaction);
    await run(queryInterface, INSERT_MESSAGES, transaction);
  });
}

/** The sections and messages are deleted with their session. */
export async function down(queryInterface: QueryInterface): Promise<void> {
  await queryInterface.sequelize.transaction(async (transaction) => {
    await run(queryInterface, DELETE_SESSION, transaction);
  });
}
