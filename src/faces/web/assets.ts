import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What is served beside the pages, and the version that their footer names. */
export interface Assets {
  stylesheet: Asset;
  script: Asset;
  icon: string;
  version: string;
}

export interface Asset {
  /** With the hash of its content in its name: what is at this address never changes. */
  path: string;
  text: string;
}

let loaded: Assets | null = null;
let script: Asset | null = null;

/** Reads what lies beside the code. The browser's modules are put together when the first one asks; each once for a process. */
export function loadAssets(): Assets {
  loaded ??= {
    stylesheet: named('style', 'css', readFileSync(join(import.meta.dirname, 'style.css'), 'utf8')),
    get script() {
      script ??= named('pages', 'js', bundle());
      return script;
    },
    icon: ICON,
    version: versionOf(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')),
  };
  return loaded;
}

/** As much of esbuild as is used here. */
interface Bundler {
  buildSync(options: object): { outputFiles: { text: string }[] };
}

/** One file for every page: it is loaded once and kept for good, and smaller than what a second one would save. */
function bundle(): string {
  // The very esbuild that runs our TypeScript (tsx brings it): no dependency of its own, and never bundled itself.
  const own = createRequire(join(import.meta.dirname, 'assets.ts'));
  const bundler = createRequire(own.resolve('tsx'))('esbuild') as Bundler;
  const { outputFiles } = bundler.buildSync({
    entryPoints: [join(import.meta.dirname, 'browser/main.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['es2022'],
    legalComments: 'none',
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('the bundler made nothing of the modules for the browser');
  return file.text;
}

function named(name: string, ending: string, text: string): Asset {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { path: `/${name}-${hash}.${ending}`, text };
}

function versionOf(about: string): string {
  return (JSON.parse(about) as { version: string }).version;
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect x="1" y="2" width="18" height="4" rx="1.5" fill="#b0281c"/><rect x="1" y="8" width="12" height="4" rx="1.5" fill="#b98312"/><rect x="1" y="14" width="6" height="4" rx="1.5" fill="#1c8a56"/></svg>\n';
