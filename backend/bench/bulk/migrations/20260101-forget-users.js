'use strict';

const { literal } = require('sequelize');
const { migration } = require('sequelize-live-migrations');

module.exports = migration(__filename, {
  up(schema) {
    schema.bulkUpdate('user_sessions', { user_id: 'somebody' }, literal("user_id LIKE 'user %'"));
  },
});
