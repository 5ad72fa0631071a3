import { literal, type ModelStatic } from 'sequelize';
import type { Section } from './section';

/**
 * Has `version` raised by the ways to write that Sequelize's `version` option leaves out: the static `update`,
 * `upsert`, and `bulkCreate` with `updateOnDuplicate`. Without it a stale save after one of them would find
 * the version that it knows, and overwrite what they wrote.
 */
export function countEverySave(model: ModelStatic<Section>): void {
  model.addHook('beforeBulkUpdate', 'countSave', (options) => {
    const { fields, attributes } = options;
    if (!fields || !attributes) return;
    options.fields = [...new Set([...fields, 'version'])];
    options.attributes = { ...attributes, version: literal('"version" + 1') };
  });
}
