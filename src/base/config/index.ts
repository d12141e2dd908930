export { loadConfig } from './load-config.ts';
export { addressBlocks, type Config, configSchema, environmentName } from './schema.ts';
