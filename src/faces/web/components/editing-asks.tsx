import { JUSTIFICATIONS } from '#domain/issues';
import { JUSTIFICATION_WORDS } from '#faces/editing';

/**
 * What scripts ask when a key alone does not say enough: why it is not affected, in which version it is fixed, until when
 * it is postponed, why it is not fixed. Templates: without scripts they are nothing, and the form asks the same.
 */
export function EditingAsks({ today }: { today: string }) {
  return (
    <>
      <template id="ask-not_affected" data-label="Not affected: why?">
        <form class="ask">
          <h2>Not affected: why?</h2>
          <div class="ask-choices">
            {JUSTIFICATIONS.map((reason, index) => (
              <button
                type="submit"
                class="ask-choice"
                name="justification"
                value={reason}
                data-digit={index + 1}
                {...(index === 0 ? { 'data-first': true } : {})}
              >
                <kbd>{index + 1}</kbd> {JUSTIFICATION_WORDS[reason]}
              </button>
            ))}
          </div>
          <p class="field">
            <label for="ask-not_affected-note">
              Note <span class="quiet">instead of a reason, or beside it</span>
            </label>
            <textarea id="ask-not_affected-note" name="note" rows={2} maxlength={4000} />
          </p>
          <div class="buttons">
            <button type="submit" class="button">
              Only the note says why
            </button>
          </div>
        </form>
      </template>
      <template id="ask-fixed" data-label="Fixed in which version?">
        <form class="ask">
          <h2>Fixed in which version?</h2>
          <p class="field">
            <label for="ask-fixed-version">
              Version <span class="quiet">if known</span>
            </label>
            <input
              id="ask-fixed-version"
              name="fixedIn"
              maxlength={200}
              autocomplete="off"
              spellcheck={false}
              data-first
            />
          </p>
          <div class="buttons">
            <button type="submit" class="button button-strong">
              Fixed
            </button>
          </div>
        </form>
      </template>
      <template id="ask-postponed" data-label="Postponed until when?">
        <form class="ask">
          <h2>Postponed until when?</h2>
          <p class="field">
            <label for="ask-postponed-until">It comes back on</label>
            <input id="ask-postponed-until" name="until" type="date" required min={today} data-first />
          </p>
          <p class="field">
            <label for="ask-postponed-note">
              Note <span class="quiet">if there is something to say</span>
            </label>
            <input id="ask-postponed-note" name="note" maxlength={4000} autocomplete="off" />
          </p>
          <div class="buttons">
            <button type="submit" class="button button-strong">
              Postponed
            </button>
          </div>
        </form>
      </template>
      <template id="ask-wont_fix" data-label="Won’t fix: why?">
        <form class="ask">
          <h2>Won’t fix: why?</h2>
          <p class="field">
            <label for="ask-wont_fix-note">For everybody who asks later</label>
            <textarea id="ask-wont_fix-note" name="note" rows={2} maxlength={4000} required data-first />
          </p>
          <div class="buttons">
            <button type="submit" class="button button-strong">
              Won’t fix
            </button>
          </div>
        </form>
      </template>
    </>
  );
}
