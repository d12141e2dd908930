// Packs the program into a few files that start in a tenth of the time: with tsx each of some 900 modules is resolved,
// read and handed over one by one (docs/decisions/0006). Plain JavaScript, since it runs before TypeScript can.
// Usage: node src/bundle.mjs PARENT: makes a new folder in PARENT, prints its path, and removes what was long unused there.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
/** A process has loaded all of its program long before that; one that starts marks its folder as used. */
const UNUSED_MS = 3_600_000;

// The very esbuild that tsx would use: same transformation, no dependency of its own.
const { build } = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild');

/** Our files look for what lies beside them: in the bundle they still say where they come from. */
const whereFilesComeFrom = {
  name: 'where files come from',
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, async ({ path }) => ({
      loader: path.endsWith('x') ? 'tsx' : 'ts',
      contents: (await readFile(path, 'utf8'))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path)),
    }));
  },
};

const parent = resolve(process.argv[2] ?? '');
mkdirSync(parent, { recursive: true });
for (const name of readdirSync(parent)) {
  const folder = join(parent, name);
  const used = [join(folder, 'used'), folder].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  if (Date.now() - Math.max(...used) > UNUSED_MS) rmSync(folder, { recursive: true, force: true });
}

const made = mkdtempSync(join(parent, 'new-'));
// Others may run what one account has installed.
chmodSync(made, 0o755);
try {
  await build({
    absWorkingDir: ROOT,
    entryPoints: { main: 'src/main.ts', keeper: 'src/base/db/embedded/keeper.ts' },
    outdir: made,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // pino starts threads by the path of its files; argon2 is machine code; pg asks for its native variant and does without.
    external: ['pino', '@node-rs/argon2', 'pg-native'],
    // Packages of the older kind call `require`.
    banner: {
      js: "import { createRequire as $make } from 'node:module'; const require = $make(import.meta.url);",
    },
    plugins: [whereFilesComeFrom],
    logLevel: 'silent',
  });
} catch (error) {
  rmSync(made, { recursive: true, force: true });
  throw error;
}
process.stdout.write(made);
