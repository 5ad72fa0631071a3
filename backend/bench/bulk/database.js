'use strict';

const { databaseFromEnvironment } = require('sequelize-live-migrations/config');

module.exports = { resolveDatabase: databaseFromEnvironment({ applicationName: 'bench' }) };
