import { Problem, readPage } from './api.js';
import { RateChart } from './chart.js';
import { Feed } from './feed.js';
import { conditions, fieldOf, filterOf, isEmpty, pageQuery } from './filters.js';
import { clearProblem, showProblem, writeWith } from './forms.js';
import { renderPost, shortened } from './post.js';
import { Timeline } from './timeline.js';

/** Posts shown at once: the list is as quick with a million posts in the table, or a thousand new ones a second. */
const MOST_SHOWN = 1000;
const PAGE = 50;
/** New posts wait for the next frame, which takes so many of them: more would make it late. */
const PER_FRAME = 100;
/** Of this tab: the position up to which it has received everything, for when it comes again. */
const SAVED = 'postfeed';

const STATES = {
  connecting: ['Connecting', 'The list is being read.'],
  failed: ['Not connected', 'The list could not be read.'],
  'catching-up': ['Catching up', 'What was missed meanwhile is coming.'],
  live: ['Live', 'New posts appear here as they are committed, whoever writes them.'],
  reconnecting: ['Reconnecting', 'The connection is lost, and nothing else: the feed goes on where it was.'],
  reset: ['Reset', 'The position means nothing to this database: the list is being read anew.'],
  resting: ['Resting', 'Nobody has looked at this tab for a minute. When somebody does, the feed goes on where it was.'],
  off: ['No live feed', 'This node has no feed. The list is as it was when it was read.'],
};

const $ = (id) => document.getElementById(id);
const filterForm = $('filter-form');
const timeline = new Timeline($('posts'), (post) => renderPost(shortened(post)), MOST_SHOWN);
const chart = new RateChart($('chart'), $('rate'));
const feed = new Feed({ state: onState, post: onPost, reset: onReset });

/** Of the posts that are shown, and of those that are being read to be shown next. */
let filter = filterOf(new URLSearchParams(location.search));
let target = filter;
let reading = null;
let failure = null;
let resetting = false;
let resetReason = null;
let unanchored = 0;
let pending = [];
let scheduled = false;
let received = 0;

/**
 * Shows the newest posts of a filter, and follows the feed from there: from a position that is older than the list, so
 * that no post is between the two. What is there already stays until the list has come.
 *
 * @param resume a position to follow from instead, if that is not too long ago
 */
async function show(wanted, resume = null) {
  reading?.abort();
  const mine = new AbortController();
  reading = mine;
  target = wanted;
  if (feed.position === null) {
    showState('connecting');
  }
  paint();
  try {
    const page = await readPage(baseOf(wanted), mine.signal);
    if (!mine.signal.aborted) {
      begin(wanted, page, resume);
    }
  } catch (problem) {
    if (!mine.signal.aborted) {
      fail(problem);
    }
  } finally {
    if (reading === mine) {
      reading = null;
      paint();
    }
  }
}

function begin(wanted, page, resume) {
  feed.stop();
  filter = wanted;
  failure = null;
  resetting = false;
  pending = [];
  timeline.clear(baseOf(filter));
  timeline.addPage(page);
  clearProblem(filterForm);
  remember(filter);
  if (resetReason !== null) {
    $('reset-reason').textContent = resetReason;
    $('reset').hidden = false;
    resetReason = null;
  }
  follow(page.monitor, resume);
}

/** In the address of the page; another filter is another step of Back and Forward. */
function remember(wanted) {
  const query = pageQuery(wanted);
  const isThere = query === pageQuery(filterOf(new URLSearchParams(location.search)));
  history[isThere ? 'replaceState' : 'pushState'](null, '', query ? `/?${query}` : '/');
}

function fail(problem) {
  target = filter;
  failure = problem;
  resetting = false;
  showState(feed.position === null ? 'failed' : feed.state);
  clearProblem(filterForm);
  if (timeline.size > 0 || fieldOf(problem.parameter) || !(problem instanceof Problem)) {
    showProblem(filterForm, problem, (error) => fieldOf(error.parameter));
  }
}

function baseOf(wanted) {
  return `/posts?${[conditions(wanted), `order=id.desc&limit=${PAGE}`].filter((part) => part).join('&')}`;
}

function follow(monitor, resume) {
  if (monitor === null) {
    // This node knows no position yet, or has no feed. Once it is live, the list is read again.
    unanchored++;
    feed.follow(`/posts/feed?${conditions(filter)}`, 'now');
    return;
  }
  unanchored = 0;
  const position = new URL(monitor, location.origin).searchParams.get('last_event_id');
  const missed = Number.parseInt(position, 10) - Number.parseInt(resume, 10);
  // A list may be older than what this tab has received: then the feed has what is between.
  feed.follow(monitor, missed >= 0 && missed <= MOST_SHOWN ? resume : position);
}

function onState(state) {
  if (state === 'live' && unanchored > 0 && unanchored < 3) {
    show(target);
  }
  showState(state);
}

function showState(state) {
  if (state === 'stopped') {
    return;
  }
  const shown = resetting ? 'reset' : state;
  const [name, detail] = STATES[shown];
  $('state').dataset.state = shown;
  $('state').textContent = name;
  $('state-detail').textContent = detail;
  paint();
}

function onPost(post) {
  chart.count();
  received++;
  if (!timeline.count(post)) {
    pending.push(shortened(post));
  }
  if (pending.length > 2 * MOST_SHOWN) {
    forgetLowest();
  }
  schedule();
}

/** A page that nobody sees has no frames, in which posts are taken: of those that wait no more are kept than are shown. */
function forgetLowest() {
  timeline.makeWay(pending.length);
  const uncounted = pending.filter((post) => !timeline.count(post)).sort(highestFirst);
  pending = uncounted.slice(0, MOST_SHOWN);
  if (pending.length < uncounted.length) {
    timeline.cutBelow(pending.at(-1).id);
  }
}

function schedule() {
  if (!scheduled) {
    scheduled = true;
    requestAnimationFrame(flush);
  }
}

function flush() {
  scheduled = false;
  const waiting = pending.length;
  timeline.addLive(pending.sort(highestFirst).splice(0, PER_FRAME), waiting);
  paint();
  if (pending.length > 0) {
    schedule();
  }
}

function highestFirst(a, b) {
  return a.id < b.id ? 1 : -1;
}

function onReset(reason) {
  resetting = true;
  pending = [];
  timeline.clear(baseOf(filter));
  resetReason = reason;
  showState('reset');
  show(target);
}

/** The page that follows the lowest post; again where the list has lost its end meanwhile. */
async function loadOlder() {
  const button = $('older');
  if (button.ariaBusy === 'true') {
    return;
  }
  button.ariaBusy = 'true';
  $('older-problem').textContent = '';
  if (timeline.size + PAGE > MOST_SHOWN) {
    timeline.hold();
  }
  try {
    let address;
    let page;
    do {
      address = timeline.older;
      page = address === null ? null : await readPage(address);
    } while (address !== timeline.older);
    if (page !== null) {
      timeline.addPage(page);
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    $('older-problem').textContent = `${problem.title}: ${problem.detail}`;
  } finally {
    button.ariaBusy = 'false';
    const hadFocus = document.activeElement === button;
    paint();
    if (hadFocus && button.hidden) {
      $('end').focus();
    }
  }
}

function paint() {
  const isEmptyList = timeline.size === 0;
  $('posts').hidden = isEmptyList;
  $('posts').ariaBusy = String(reading !== null);
  $('loading').hidden = reading === null || !isEmptyList;
  $('blank').hidden = reading !== null || !isEmptyList;
  $('again').hidden = failure === null;
  if (!$('blank').hidden) {
    paintBlank();
  }
  $('older').hidden = isEmptyList || timeline.older === null;
  $('end').hidden = isEmptyList || timeline.older !== null;
  $('pause').setAttribute('aria-pressed', String(timeline.held));
  $('newest').hidden = !timeline.held || timeline.newer === 0;
  $('newest').textContent = `${timeline.newer} newer: show the newest posts`;
  $('position').textContent = feed.position ?? '–';
  $('position').title = feed.position ?? '';
  $('received').textContent = received;
}

function paintBlank() {
  const [title, text] = failure !== null
    ? [failure.title, failure.detail]
    : isEmpty(filter)
      ? ['No posts yet', 'Write the first one, here or with any program on the same database: it will appear at once.']
      : ['No post fits the filter', 'Those that do will appear as they are written.'];
  $('blank-title').textContent = title;
  $('blank-text').textContent = text;
}

/** What had the focus goes when the posts have come. */
function showAndFocus(wanted) {
  show(wanted);
  $('posts-heading').focus();
}

function fillFilter({ author, text }) {
  filterForm.elements.namedItem('author').value = author;
  filterForm.elements.namedItem('text').value = text;
}

function changeFilter(wanted) {
  fillFilter(wanted);
  show(wanted);
}

filterForm.addEventListener('submit', (event) => {
  event.preventDefault();
  changeFilter(filterOf(new FormData(filterForm)));
});
$('filter-clear').addEventListener('click', () => changeFilter({ author: '', text: '' }));
$('again').addEventListener('click', () => showAndFocus(filterOf(new FormData(filterForm))));
$('older').addEventListener('click', loadOlder);
$('newest').addEventListener('click', () => showAndFocus(target));
$('reset-seen').addEventListener('click', () => {
  $('reset').hidden = true;
  $('posts-heading').focus();
});
$('pause').addEventListener('click', () => {
  if (timeline.held) {
    show(target);
  } else {
    timeline.hold();
    paint();
  }
});
$('posts').addEventListener('click', (event) => {
  const author = event.target.closest('a[data-author]');
  if (author && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    const wanted = { author: author.dataset.author, text: '' };
    fillFilter(wanted);
    showAndFocus(wanted);
  }
});
window.addEventListener('popstate', () => {
  const wanted = filterOf(new URLSearchParams(location.search));
  if (pageQuery(wanted) !== pageQuery(target)) { // The link to the posts is a step, too.
    changeFilter(wanted);
  }
});
writeWith($('post-form'), '/posts', (post) => {
  for (const name of ['title', 'content']) {
    $('post-form').elements.namedItem(name).value = '';
  }
  return `Stored as #${post.id}.`;
});
writeWith($('user-form'), '/users', (user) => {
  $('user-form').reset();
  $('post-author').value = user.id;
  return `Stored as user ${user.id}, now the author above.`;
});

window.addEventListener('pagehide', () => save());
window.addEventListener('pageshow', (event) => event.persisted && show(target, feed.position));

function save() {
  store(() => sessionStorage.setItem(SAVED, JSON.stringify({ query: conditions(filter), position: feed.position })));
}

function saved() {
  const last = store(() => JSON.parse(sessionStorage.getItem(SAVED)));
  return last?.query === conditions(filter) ? last.position : null;
}

/** Browsers may be set to refuse: then a reload begins anew. */
function store(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

for (const details of document.querySelectorAll('[data-open-when-wide]')) {
  details.open = window.matchMedia('(min-width: 60rem)').matches;
}
fillFilter(filter);
show(filter, saved());
