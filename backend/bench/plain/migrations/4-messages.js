'use strict';

module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('conversation_messages', {
      id: { type: Sequelize.UUID, primaryKey: true, defaultValue: Sequelize.literal('gen_random_uuid()') },
      session_id: {
        type: Sequelize.UUID,
        allowNull: false,
        references: { model: 'user_sessions', key: 'session_id' },
        onDelete: 'CASCADE',
      },
      role: { type: Sequelize.ENUM('user', 'assistant', 'system'), allowNull: false },
      content: { type: Sequelize.TEXT, allowNull: false },
      metadata: { type: Sequelize.JSONB, allowNull: false, defaultValue: {} },
      created_at: {
        type: Sequelize.DATE,
        allowNull: false,
        defaultValue: Sequelize.literal('CURRENT_TIMESTAMP'),
      },
    });
    await queryInterface.addIndex('conversation_messages', ['session_id', 'created_at']);
    await queryInterface.addIndex('conversation_messages', ['created_at']);
  },

  async down(queryInterface) {
    await queryInterface.dropTable('conversation_messages');
    await queryInterface.sequelize.query('DROP TYPE enum_conversation_messages_role');
  },
};
