import { Problem } from './api.js';

/**
 * Has a button add older posts.
 *
 * @param parts {button, problem, end}; the end has the focus when the button goes that had it
 * @param add adds some; fails with a Problem
 * @param paint shows what there is afterwards
 */
export function addOlderWith({ button, problem, end }, add, paint) {
  button.addEventListener('click', async () => {
    if (button.ariaBusy === 'true') {
      return;
    }
    button.ariaBusy = 'true';
    problem.textContent = '';
    try {
      await add();
    } catch (failure) {
      if (!(failure instanceof Problem)) {
        throw failure;
      }
      problem.textContent = `${failure.title}: ${failure.detail}`;
    } finally {
      button.ariaBusy = 'false';
      const hadFocus = document.activeElement === button;
      paint();
      if (hadFocus && button.hidden) {
        end.focus();
      }
    }
  });
}
