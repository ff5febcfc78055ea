import { isEmpty } from './filters.js';

const $ = (id) => document.getElementById(id);

/** Shows what there is of a LiveList besides its posts. */
export function paint(list) {
  const isEmptyList = list.size === 0;
  $('posts').hidden = isEmptyList;
  $('posts').ariaBusy = String(list.reading);
  $('loading').hidden = !list.reading || !isEmptyList;
  $('blank').hidden = list.reading || !isEmptyList;
  $('again').hidden = list.failure === null;
  if (!$('blank').hidden) {
    paintBlank(list);
  }
  $('older').hidden = isEmptyList || !list.hasOlder;
  $('end').hidden = isEmptyList || list.hasOlder;
  $('pause').setAttribute('aria-pressed', String(list.held));
  $('newest').hidden = !list.held || list.newer === 0;
  $('newest').textContent = `${list.newer} newer: show the newest posts`;
  $('position').textContent = list.position ?? '–';
  $('position').title = list.position ?? '';
  $('received').textContent = list.received;
}

function paintBlank({ failure, filter }) {
  const [title, text] = failure !== null
    ? [failure.title, failure.detail]
    : isEmpty(filter)
      ? ['No posts yet', 'Write the first one, here or with any program on the same database: it will appear at once.']
      : ['No post fits the filter', 'Those that do will appear as they are written.'];
  $('blank-title').textContent = title;
  $('blank-text').textContent = text;
}
