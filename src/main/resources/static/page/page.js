import { filterInAddress, putInAddress } from './address.js';
import { Problem } from './api.js';
import { Authors } from './authors.js';
import { RateChart } from './chart.js';
import { conditions, fieldOf, filterOf, pageQuery } from './filters.js';
import { clearProblem, showProblem, writeWith } from './forms.js';
import { LiveList } from './livelist.js';
import { addOlderWith } from './older.js';
import { renderPost, shortened } from './post.js';
import { save, saved } from './session.js';
import { signInWith } from './signin.js';
import { showState } from './status.js';
import { paint } from './view.js';

/** What is on the page, put together: the list, and what people do to it. */

const $ = (id) => document.getElementById(id);
const filterForm = $('filter-form');
const chart = new RateChart($('chart'), $('rate'));
const authors = new Authors();
const list = new LiveList($('posts'), itemOf, filterInAddress(), {
  state(state) {
    showState(state);
    paint(list);
  },
  change: () => paint(list),
  begin(filter, resetReason) {
    clearProblem(filterForm);
    putInAddress(filter);
    if (resetReason !== null) {
      $('reset-reason').textContent = resetReason;
      $('reset').hidden = false;
    }
  },
  fail(problem) {
    clearProblem(filterForm);
    if (list.size > 0 || fieldOf(problem.parameter) || !(problem instanceof Problem)) {
      showProblem(filterForm, problem, (error) => fieldOf(error.parameter));
    }
  },
  post: () => chart.count(),
});

function itemOf(post) {
  const item = renderPost(shortened(post));
  const author = item.querySelector('a[data-author]');
  if (author) {
    authors.show(author);
  }
  return item;
}

/** What had the focus goes when the posts have come. */
function showAndFocus(wanted) {
  list.show(wanted);
  $('posts-heading').focus();
}

function fillFilter({ author, text }) {
  filterForm.elements.namedItem('author').value = author;
  filterForm.elements.namedItem('text').value = text;
}

function changeFilter(wanted) {
  fillFilter(wanted);
  list.show(wanted);
}

filterForm.addEventListener('submit', (event) => {
  event.preventDefault();
  changeFilter(filterOf(new FormData(filterForm)));
});
$('filter-clear').addEventListener('click', () => changeFilter({ author: '', text: '' }));
$('again').addEventListener('click', () => showAndFocus(filterOf(new FormData(filterForm))));
$('newest').addEventListener('click', () => showAndFocus(list.target));
$('reset-seen').addEventListener('click', () => {
  $('reset').hidden = true;
  $('posts-heading').focus();
});
$('pause').addEventListener('click', () => {
  if (list.held) {
    list.show(list.target);
  } else {
    list.hold();
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
addOlderWith({ button: $('older'), problem: $('older-problem'), end: $('end') }, () => list.addOlder(), () => paint(list));
signInWith($('sign-in'), $('sign-out'));
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

window.addEventListener('popstate', () => {
  const wanted = filterInAddress();
  if (pageQuery(wanted) !== pageQuery(list.target)) { // The link to the posts is a step, too.
    changeFilter(wanted);
  }
});
window.addEventListener('pagehide', () => save(conditions(list.filter), list.position));
window.addEventListener('pageshow', (event) => event.persisted && list.show(list.target, list.position));

for (const details of document.querySelectorAll('[data-open-when-wide]')) {
  details.open = window.matchMedia('(min-width: 60rem)').matches;
}
fillFilter(list.filter);
list.show(list.filter, saved(conditions(list.filter)));
