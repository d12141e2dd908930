import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Lifecycle,
  parsePackageSet,
  parsePatchList,
  parseSourceUrls,
  type RevisionInput,
} from '#domain/channels';
import { unpackedOne } from './packing.ts';

/** One entry of the channels' manifest: a revision, and the files that tell its packages. */
export interface SampleRevision {
  /** What other entries call it by. */
  name: string;
  channel: string;
  commit: string;
  /** ISO 8601, with the zone of the commit. */
  committedAt: string;
  packages: number;
  file: string;
  /** Name of the revision that the file is a difference of; it may be one of another channel. */
  base: string | null;
  patches: string;
  sourceUrls: string | null;
  /** On 28 June 2017. */
  lifecycle: Lifecycle;
  released: string | null;
  endOfLife: string | null;
}

/** A revision ready for `importRevision`, with the life cycle of its channel. */
export type SampleRevisionInput = RevisionInput &
  Pick<SampleRevision, 'lifecycle' | 'released' | 'endOfLife'>;

/**
 * The revisions of the sample below `folder`, in an order in which they can be imported. One whose base is a revision of the
 * same channel comes as a delta; others, told as differences of another channel, come whole.
 *
 * @throws MusterError FILE_MALFORMED; Error of node:fs where a file is not there
 */
export function* readSampleChannels(folder: string): Generator<SampleRevisionInput> {
  const revisions = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as SampleRevision[];
  const whole = new Map<string, Map<string, RevisionInput['set']['packages'][number]>>();
  for (const revision of revisions) {
    const { name, channel, commit, committedAt, base, lifecycle, released, endOfLife } = revision;
    const told = parsePackageSet(readPacked(folder, revision.file), revision.file);
    const packages = new Map(base === null ? [] : whole.get(base));
    for (const attr of told.removed) packages.delete(attr);
    for (const entry of told.packages) packages.set(entry.attr, entry);
    whole.set(name, packages);
    const below = revisions.find((each) => each.name === base && each.channel === channel);
    const set =
      below === undefined
        ? {
            ...told,
            form: 'packages-json' as const,
            packages: [...packages.values()],
            removed: [],
            base: null,
            commit: null,
          }
        : told;
    yield {
      ...{ channel, commit, committedAt: new Date(committedAt), set, base: below?.commit ?? null },
      patches: parsePatchList(readPacked(folder, revision.patches), revision.patches),
      sourceUrls:
        revision.sourceUrls === null
          ? null
          : parseSourceUrls(readPacked(folder, revision.sourceUrls), revision.sourceUrls),
      ...{ lifecycle, released, endOfLife },
    };
  }
}

function readPacked(folder: string, path: string): Buffer {
  return unpackedOne({ path, bytes: readFileSync(join(folder, path)) });
}
