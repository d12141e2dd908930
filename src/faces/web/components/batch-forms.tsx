import { BATCH_ADDRESS } from '../list-addresses.ts';

/** "Give me ten": the most urgent ones that nobody else has, for a while. */
export function BatchForm() {
  return (
    <form class="inline" method="post" action={BATCH_ADDRESS}>
      <button type="submit" class="button button-strong" name="deed" value="take">
        Give me ten
      </button>
    </form>
  );
}

/** Gives back what one took. */
export function GiveBackForm({ back }: { back: string }) {
  return (
    <form class="inline" method="post" action={BATCH_ADDRESS}>
      <input type="hidden" name="back" value={back} />
      <button type="submit" class="button" name="deed" value="release">
        Give them back
      </button>
    </form>
  );
}
