import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MusterError } from '#base/errors';
import { parseId, parseIsoDate } from '#base/formats';
import { CAMPAIGN_NAME, type Nickname } from './derive-campaigns.ts';

const COLUMNS = 'name\ttitle\tsince\tvulnerabilities\ttold at';

/**
 * Reads the text of `nicknames.tsv`: reviewed facts, one name a line, with who told of it. Throws FILE_MALFORMED, with the line, for a row
 * that is not five cells, a name that stands twice or would be no address, a date or an id that is none.
 */
export function readNicknames(text: string): Nickname[] {
  const [head, ...lines] = text.split('\n');
  if (head !== COLUMNS)
    throw new MusterError('FILE_MALFORMED', `The nicknames must begin with the line “${COLUMNS}”.`);
  const seen = new Set<string>();
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const problem = (what: string) =>
      new MusterError('FILE_MALFORMED', `Nicknames, line ${index + 2}: ${what}.`);
    const [name, title, since, ids, toldAt, ...rest] = line.split('\t');
    if (!name || !title || !since || !ids || !toldAt || rest.length > 0)
      throw problem('a row has five cells');
    if (!CAMPAIGN_NAME.test(name)) throw problem(`“${name}” cannot stand in an address`);
    if (seen.has(name)) throw problem(`${name} stands there twice`);
    seen.add(name);
    if (parseIsoDate(since) === null) throw problem(`“${since}” is no date`);
    const vulnerabilities = ids.split(' ');
    const bad = vulnerabilities.find((id) => parseId(id) !== id);
    if (bad !== undefined) throw problem(`“${bad}” is no id`);
    return [{ name, title, since, vulnerabilities }];
  });
}

/** Names that people have given to vulnerabilities, as reviewed. */
export const NICKNAMES: readonly Nickname[] = readNicknames(
  readFileSync(join(import.meta.dirname, 'nicknames.tsv'), 'utf8'),
);
