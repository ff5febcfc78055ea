import { filterOf, pageQuery } from './filters.js';

/** The filter in the address of the page. */

export function filterInAddress() {
  return filterOf(new URLSearchParams(location.search));
}

/** Another filter is another step of Back and Forward. */
export function putInAddress(filter) {
  const query = pageQuery(filter);
  const isThere = query === pageQuery(filterInAddress());
  history[isThere ? 'replaceState' : 'pushState'](null, '', query ? `/?${query}` : '/');
}
