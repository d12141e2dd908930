import { readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { MusterError } from '#base/errors';
import { type Config, configSchema, environmentName } from './schema.ts';

/**
 * Settings from, in rising rank: the defaults, the TOML file that `MUSTER_CONFIG` names, the environment, and `overrides`
 * (flags of the command line). An empty variable counts as not set.
 *
 * @throws MusterError CONFIG_INVALID, naming each wrong setting, where it stands, and why it is wrong
 */
export function loadConfig(
  environment: NodeJS.ProcessEnv,
  overrides: Partial<Record<keyof Config, unknown>> = {},
): Config {
  const values: Record<string, unknown> = {};
  const origin = new Map<string, string>();
  const take = (key: string, value: unknown, from: string) => {
    if (value === undefined || value === '') return;
    values[key] = value;
    origin.set(key, from);
  };

  const file = environment.MUSTER_CONFIG;
  if (file) for (const [key, value] of Object.entries(readToml(file))) take(key, value, file);
  for (const key of keys())
    take(key, environment[environmentName(key)], `environment variable ${environmentName(key)}`);
  for (const [key, value] of Object.entries(overrides)) take(key, value, 'command line');

  const result = configSchema.strict().safeParse(values);
  if (result.success) return result.data;
  const wrong = result.error.issues.flatMap((issue) => {
    const named = issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])];
    return named.map((key) => {
      const why = issue.code === 'unrecognized_keys' ? 'there is no such setting' : issue.message;
      return `${key} (${origin.get(key) ?? 'default'}): ${why}`;
    });
  });
  throw new MusterError('CONFIG_INVALID', wrong.join('; '));
}

function keys(): (keyof Config)[] {
  return Object.keys(configSchema.shape) as (keyof Config)[];
}

function readToml(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MusterError('FILE_UNREADABLE', `cannot read the configuration file ${file}`, { cause });
  }
  try {
    return parseToml(text);
  } catch (cause) {
    throw new MusterError(
      'CONFIG_INVALID',
      `${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
