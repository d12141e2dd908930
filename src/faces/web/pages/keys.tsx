import { KEYS } from '../keys-table.ts';
import { type Frame, Layout } from '../layout.tsx';

/** What each key does, and the switch that turns those of one character off (WCAG 2.1.4). Scripts show it as a dialog. */
export function KeysPage({ frame }: { frame: Frame }) {
  return (
    <Layout frame={frame} title="Keys" description="What each key does on these pages.">
      <header class="page-head">
        <h1>Keys</h1>
        <p class="lead">They work in a browser that runs our scripts, and never while you type in a field.</p>
      </header>
      <div class="keys" id="keys">
        <p class="check keys-switch" hidden>
          <label>
            <input type="checkbox" id="keys-on" checked /> Keys of one character work in this browser
          </label>
        </p>
        {KEYS.map(({ where, keys }) => (
          <section>
            <h2>{where}</h2>
            <dl class="keys-list">
              {keys.map(({ keys: names, does }) => (
                <div>
                  <dt>
                    {names.map((name) => (
                      <>
                        <kbd>{name}</kbd>{' '}
                      </>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Layout>
  );
}
