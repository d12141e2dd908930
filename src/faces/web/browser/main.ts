// What runs in the browser. Every page works without it; with it pages are live, and can be driven by keys.
import { sendKept } from './changes.ts';
import { watchDrafts } from './drafts.ts';
import { watchForms } from './forms.ts';
import { watchKeys } from './keys.ts';
import { goLive } from './live.ts';
import { watchPasskeys } from './passkeys.ts';
import { showPresence } from './presence.ts';
import { watchQueue } from './queue.ts';
import { watchTriage } from './triage.ts';

watchKeys();
watchTriage();
watchQueue();
watchForms();
watchDrafts();
watchPasskeys();
goLive();
showPresence();
sendKept();
tidyAddress();

/** The notice of what was done is shown once: an address that is sent to somebody does not repeat it. */
function tidyAddress(): void {
  const url = new URL(location.href);
  const before = url.search;
  for (const name of ['set', 'undone']) url.searchParams.delete(name);
  if (url.search !== before) history.replaceState(history.state, '', url);
}
