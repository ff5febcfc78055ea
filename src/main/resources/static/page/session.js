/** What this tab keeps for when it comes again, loaded anew or from another page. */

const KEY = 'postfeed';

/** @param position up to it all posts of the query have been received */
export function save(query, position) {
  store(() => sessionStorage.setItem(KEY, JSON.stringify({ query, position })));
}

/** The position that was saved last, if it was for the same query. */
export function saved(query) {
  const last = store(() => JSON.parse(sessionStorage.getItem(KEY)));
  return last?.query === query ? last.position : null;
}

/** Browsers may be set to refuse: then a reload begins anew. */
export function store(use) {
  try {
    return use();
  } catch {
    return null;
  }
}
