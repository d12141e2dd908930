export { loadConfig } from './load-config.ts';
export { type Config, configSchema, environmentName } from './schema.ts';
