'use strict';

module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('user_sessions', {
      session_id: { type: Sequelize.UUID, primaryKey: true },
      user_id: Sequelize.STRING,
      created_at: Sequelize.DATE,
      last_active: Sequelize.DATE,
      current_section: { type: Sequelize.INTEGER, defaultValue: 0 },
      project_name: { type: Sequelize.STRING, allowNull: false },
    });
    for (const column of ['user_id', 'created_at', 'last_active']) {
      await queryInterface.addIndex('user_sessions', [column]);
    }
    await queryInterface.createTable('sections', {
      id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true },
      session_id: {
        type: Sequelize.UUID,
        allowNull: false,
        references: { model: 'user_sessions', key: 'session_id' },
        onUpdate: 'CASCADE',
        onDelete: 'CASCADE',
      },
      name: { type: Sequelize.STRING, allowNull: false },
      completion_status: { type: Sequelize.BOOLEAN, defaultValue: false },
      section_content: Sequelize.TEXT,
      validation_state: {
        type: Sequelize.JSONB,
        defaultValue: { overallComplete: false, questionStates: {}, userConsent: false },
      },
      createdAt: { type: Sequelize.DATE, allowNull: false },
      updatedAt: { type: Sequelize.DATE, allowNull: false },
    });
    for (const column of ['session_id', 'name', 'completion_status']) {
      await queryInterface.addIndex('sections', [column]);
    }
  },

  async down(queryInterface) {
    await queryInterface.dropTable('sections');
    await queryInterface.dropTable('user_sessions');
  },
};
