// One of the processes of run.ts: loads the files of tests that it is given, then runs them, one test after the other.
import { relative } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { GATE } from './tally.ts';

// What a file says at its top level belongs to whichever test runs at that moment: none does before all are loaded.
let open = () => {};
const loaded = new Promise<void>((resolve) => {
  open = resolve;
});
void test(GATE, () => loaded);
for (const file of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    // Thrown here it would end the run, and the tests that did not run would look as if there were none.
    void test(`${relative(process.cwd(), file)} can be loaded`, () => {
      throw error;
    });
  }
}
open();
// What is still open keeps the process; the channel to run.ts alone does not.
process.channel?.unref();
