/** What the page says of its connection to the service. */

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

/** @param state of a LiveList */
export function showState(state) {
  const [name, detail] = STATES[state];
  const shown = document.getElementById('state');
  shown.dataset.state = state;
  shown.textContent = name;
  document.getElementById('state-detail').textContent = detail;
}
