import { signIn, signOut } from './api.js';
import { clearProblem, showProblem } from './forms.js';
import { store } from './session.js';

/** Whether there is something to sign out from: no script can see the cookie. */
const KEY = 'postfeed.signed-in';

/**
 * Asks for a token once the service wants one, and shows the way out after that. The token stays in a cookie that no script
 * reads.
 *
 * @param card shown with the first answer 401
 * @param out the button that signs out
 */
export function signInWith(card, out) {
  const form = card.querySelector('form');
  out.hidden = store(() => localStorage.getItem(KEY)) === null;
  window.addEventListener('signed-out', () => {
    forget();
    out.hidden = true;
    card.hidden = false;
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clearProblem(form);
    const token = form.elements.namedItem('token').value.trim();
    // What a header may not have would be no request at all.
    await used(card, () => signIn(token.replace(/[^\x21-\x7e]/g, '')), () => store(() => localStorage.setItem(KEY, '')));
  });
  out.addEventListener('click', () => used(card, signOut, forget));
}

/** All that is on the page was for who was signed in before. */
async function used(card, request, done) {
  try {
    await request();
  } catch (problem) {
    card.hidden = false;
    showProblem(card.querySelector('form'), problem, () => null);
    return;
  }
  done();
  location.reload();
}

function forget() {
  store(() => localStorage.removeItem(KEY));
}
