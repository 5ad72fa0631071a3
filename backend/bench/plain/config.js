'use strict';

module.exports = { dialect: 'postgres', use_env_variable: 'DATABASE_URL', logging: false };
