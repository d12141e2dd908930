import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is served beside the pages, and the version that their footer names. */
export interface Assets {
  stylesheet: {
    /** With the hash of its content in its name: what is at this address never changes. */
    path: string;
    text: string;
  };
  icon: string;
  version: string;
}

/** Reads what lies beside the code. Called once, at the start. */
export function loadAssets(): Assets {
  const text = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8');
  const about: { version: string } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
  );
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { stylesheet: { path: `/style-${hash}.css`, text }, icon: ICON, version: about.version };
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect x="1" y="2" width="18" height="4" rx="1.5" fill="#b0281c"/><rect x="1" y="8" width="12" height="4" rx="1.5" fill="#b98312"/><rect x="1" y="14" width="6" height="4" rx="1.5" fill="#1c8a56"/></svg>\n';
