import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';

/** Makes the forms work that ask for a passkey (`data-passkey`); without it they say that they need JavaScript. */
export function watchPasskeys(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
    const words = form.querySelector('[data-passkey-words]');
    const button = form.querySelector('button');
    if (words === null || button === null) continue;
    const works = browserSupportsWebAuthn();
    words.textContent = works ? '' : 'This browser knows no passkeys here.';
    button.disabled = !works;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      button.disabled = true;
      words.textContent = 'Waiting for your passkey …';
      ask(form)
        .then((to) => location.assign(to))
        .catch((error: unknown) => {
          words.textContent = whyNot(error);
          button.disabled = false;
          button.focus();
        });
    });
  }
}

/** @returns where to go on */
async function ask(form: HTMLFormElement): Promise<string> {
  const options = await post(`${form.action}/options`, {});
  if (form.dataset.passkey === 'add') {
    const answer = await startRegistration({
      optionsJSON: options as PublicKeyCredentialCreationOptionsJSON,
    });
    const name = new FormData(form).get('name');
    return addressIn(await post(form.action, { answer, name }));
  }
  const answer = await startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON });
  return addressIn(await post(form.action, { answer, to: form.dataset.to ?? '/' }));
}

async function post(address: string, body: object): Promise<unknown> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { message?: string };
  if (!response.ok) throw new Refused(answer.message ?? 'It was refused.');
  return answer;
}

/** In the words of the server. */
class Refused extends Error {}

function addressIn(answer: unknown): string {
  return (answer as { to: string }).to;
}

function whyNot(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (!(error instanceof Error)) return 'It did not work.';
  if (error.name === 'NotAllowedError') return 'It was cancelled, or took too long. Try again.';
  if (error.name === 'InvalidStateError') return 'This passkey is known here already.';
  return `It did not work: ${error.message}`;
}
