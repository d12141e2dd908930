import { WATCH_ADDRESS } from '../list-addresses.ts';

/** Begins or ends to watch an issue, a package or a channel: whoever watches is told of what happens to it. */
export function WatchForm({
  topic,
  watched,
  back,
}: {
  /** `package:openssl` */
  topic: string;
  watched: boolean;
  back: string;
}) {
  return (
    <form method="post" action={WATCH_ADDRESS} class="inline" id="watch">
      <input type="hidden" name="topic" value={topic} />
      <input type="hidden" name="watch" value={watched ? 'no' : 'yes'} />
      <input type="hidden" name="back" value={back} />
      <button
        type="submit"
        class="button button-small"
        data-key="w"
        aria-pressed={watched ? 'true' : 'false'}
      >
        {watched ? 'Watching' : 'Watch'}
        <span class="hidden"> {topic.slice(topic.indexOf(':') + 1)}</span>
      </button>
    </form>
  );
}
