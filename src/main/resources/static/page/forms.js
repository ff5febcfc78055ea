import { create, Problem } from './api.js';

/**
 * Has a form write a row. A try that got no answer may have been carried out: trying again with the same values is the
 * same request to the service, by its key.
 *
 * @param form its fields have the names of the row's; blank ones without `required` are null
 * @param address of the list
 * @param stored what to do with the row; returns what to tell
 */
export function writeWith(form, address, stored) {
  const outcome = form.querySelector('[data-outcome]');
  let sending = false;
  let json = null;
  let key = null;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (sending) {
      return;
    }
    sending = true;
    clearProblem(form);
    outcome.textContent = 'Sending …';
    const now = jsonOf(form);
    if (now !== json) {
      json = now;
      key = newKey();
    }
    try {
      const row = await create(address, json, key);
      json = null;
      outcome.textContent = stored(row);
    } catch (problem) {
      outcome.textContent = '';
      showProblem(form, problem, (error) => error.pointer.split('/')[1]);
    } finally {
      sending = false;
    }
  });
}

/**
 * Shows what is wrong where it is wrong, and the rest of it above the button.
 *
 * @param fieldOf the name of the field that an error is of
 */
export function showProblem(form, problem, fieldOf) {
  if (!(problem instanceof Problem)) {
    throw problem;
  }
  const errors = problem.parameter === null
    ? problem.errors
    : [{ parameter: problem.parameter, detail: problem.detail }];
  let rest = errors.length === 0;
  for (const error of errors) {
    const field = form.elements.namedItem(fieldOf(error) ?? '');
    if (field) {
      field.setAttribute('aria-invalid', 'true');
      errorOf(field).textContent = error.detail;
    } else {
      rest = true;
    }
  }
  if (rest) {
    form.querySelector('[data-problem]').textContent = `${problem.title}: ${problem.detail}`;
  }
  form.querySelector('[aria-invalid]')?.focus();
}

export function clearProblem(form) {
  form.querySelector('[data-problem]').textContent = '';
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    errorOf(field).textContent = '';
  }
}

function errorOf(field) {
  return document.getElementById(field.getAttribute('aria-describedby'));
}

function jsonOf(form) {
  const fields = [...form.elements].filter((field) => field.name);
  return `{${fields.map((field) => `${JSON.stringify(field.name)}:${valueOf(field)}`).join()}}`;
}

/**
 * As JSON. An id is written digit by digit: beyond 2^53 a number of JavaScript would be another one. What is no id is sent
 * as it is: what is wrong with it is for the service to say.
 */
function valueOf(field) {
  const text = field.value;
  if (text === '' && !field.required) {
    return 'null';
  }
  const [, id] = (field.inputMode === 'numeric' && /^0*(\d{1,19})$/.exec(text.trim())) || [];
  return id ?? JSON.stringify(text);
}

/** crypto.randomUUID is there on https and loopback only. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
