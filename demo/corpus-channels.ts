import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RevisionInput, readPackageFiles } from '#domain/channels';

/**
 * Every package set of the corpus, the months of a channel before its last state: `nixos-17.03@2017-04-30.delta.json.gz`,
 * `nixos-17.03.packages.json.gz`, `nixos-unstable-2018-05.packages.json.gz`.
 *
 * @param folder the corpus's `packages`
 * @throws MusterError as `readPackageFiles`
 */
export function* readCorpusChannels(folder: string): Generator<RevisionInput> {
  const files = [join(folder, 'months'), folder].flatMap((each) =>
    readdirSync(each)
      .filter((name) => /\.(packages|delta)\.json\.gz$/.test(name))
      .sort()
      .map((name) => ({ name, path: join(each, name) })),
  );
  for (const { name, path } of files) {
    // A day behind the name is a state of the channel, not another channel.
    const channel = name.replace(/@.*$|\.packages\.json\.gz$/, '').replace(/-20\d\d-\d\d$/, '');
    const { channel: _, files: __, ...input } = readPackageFiles(path);
    yield { ...input, channel };
  }
}
