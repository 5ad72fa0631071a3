'use strict';

module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.addColumn('user_sessions', 'status', {
      type: Sequelize.ENUM('active', 'completed', 'archived'),
      allowNull: false,
      defaultValue: 'active',
    });
    await queryInterface.addIndex('user_sessions', ['status']);
  },

  async down(queryInterface) {
    await queryInterface.removeColumn('user_sessions', 'status');
    await queryInterface.sequelize.query('DROP TYPE enum_user_sessions_status');
  },
};
