export { loadConfig } from './load-config.ts';
export { addressBlocks, type Config, configSchema, environmentName, listed } from './schema.ts';
