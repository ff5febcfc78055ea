import { readRow } from './api.js';

/** What is shown of a long text at first; all of it is a request away, so that a thousand long ones fill no memory. */
const SHOWN_CHARACTERS = 2000;
const SHOWN_LINES = 20;

/** A long text in two fonts takes Chromium a time that grows with its square, unless it comes in runs (a megabyte: 23 s, 1.5 s so). */
const RUN = 4000;

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const NUMBER = new Intl.NumberFormat();

/**
 * A post without the text that is not shown, and what it was long. The text is copied: a part of a string keeps all of it
 * in memory.
 */
export function shortened(post) {
  const shown = start(post.content ?? '');
  return post.content === null || shown.length === post.content.length
    ? post
    : { ...post, content: new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(shown)), length: post.content.length };
}

/** The list item of a {@link shortened} post. Whatever its author wrote is set as text, never as markup. */
export function renderPost(post) {
  const item = document.createElement('li');
  item.className = 'card post';
  item.dataset.id = post.id;
  item.append(
    element('h3', { dir: 'auto', textContent: post.title }),
    meta(post));
  if (post.content) {
    item.append(...content(post));
  }
  return item;
}

function meta(post) {
  const line = element('p', { className: 'meta' });
  const author = post.user_id === null
    ? element('span', { textContent: 'nobody' })
    : element('a', { href: `/?author=${post.user_id}`, textContent: `user ${post.user_id}` });
  author.dataset.author = post.user_id ?? '';
  line.append(element('a', { href: `/posts/${post.id}`, textContent: `#${post.id}` }), author, time(post.created_at));
  return line;
}

function time(text) {
  const date = new Date(text);
  return element('time', { dateTime: text, textContent: Number.isNaN(date.getTime()) ? text : TIME.format(date) });
}

function content({ id, content: shown, length }) {
  const text = element('div', { className: 'content', dir: 'auto', textContent: shown });
  if (length === undefined) {
    return [text];
  }
  text.classList.add('cut');
  const label = `Show all ${NUMBER.format(length)} characters`;
  const button = element('button', { type: 'button', className: 'quiet', textContent: label });
  button.setAttribute('aria-expanded', 'false');
  button.addEventListener('click', () => toggle(id, text, button, label));
  return [text, button];
}

async function toggle(id, text, button, label) {
  const expanded = button.getAttribute('aria-expanded') === 'true';
  try {
    text.replaceChildren(...(expanded ? [start(text.textContent)] : runs((await readRow(`/posts/${id}`)).content)));
  } catch (problem) {
    button.textContent = `${problem.message} ${label}`;
    return;
  }
  text.classList.toggle('cut', expanded);
  // Scrolled within itself, also by keyboard.
  text.tabIndex = expanded ? -1 : 0;
  button.setAttribute('aria-expanded', String(!expanded));
  button.textContent = expanded ? label : 'Show less';
}

/** The first lines and characters; no character of two code units is cut in half. */
function start(text) {
  let end = 0;
  for (let line = 0; line < SHOWN_LINES && end < SHOWN_CHARACTERS && end < text.length; line++) {
    const newline = text.indexOf('\n', end);
    end = newline < 0 ? text.length : newline + 1;
  }
  return text.slice(0, whole(text, Math.min(end, SHOWN_CHARACTERS)));
}

/** The text in elements that a reader does not see. */
function runs(text) {
  const found = [];
  for (let begin = 0; begin < text.length;) {
    const end = whole(text, Math.min(begin + RUN, text.length));
    found.push(element('span', { textContent: text.slice(begin, end) }));
    begin = end;
  }
  return found;
}

/** The end, or one less where it would cut a character of two code units in half. */
function whole(text, end) {
  return end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1]) ? end - 1 : end;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
