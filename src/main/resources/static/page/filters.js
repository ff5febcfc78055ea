/** What of the posts is shown, in the form, in the address of the page, and in the grammar of the service's lists. */

/** @typedef {{author: string, text: string}} Filter blank is no condition */

/** @returns {Filter} */
export function filterOf(values) {
  return { author: (values.get('author') ?? '').trim(), text: (values.get('text') ?? '').trim() };
}

export function isEmpty({ author, text }) {
  return !author && !text;
}

/** The query string of a page's address, by which a reload and a bookmark show the same. */
export function pageQuery(filter) {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString();
}

/** The conditions on a list or a feed. */
export function conditions({ author, text }) {
  const query = new URLSearchParams();
  if (author) {
    query.set('user_id', `eq.${author}`);
  }
  if (text) {
    const pattern = quoted(containing(text));
    query.set('or', `(title.ilike.${pattern},content.ilike.${pattern})`);
  }
  return query.toString();
}

/** The field that a parameter of {@link conditions} comes from. */
export function fieldOf(parameter) {
  return { user_id: 'author', or: 'text' }[parameter];
}

/** The text itself, but for stars: what means something else in a pattern of SQL is escaped. */
function containing(text) {
  return `*${text.replace(/[\\%_]/g, '\\$&')}*`;
}

/** A value within parentheses, where commas, parentheses and quotes mean something else. */
function quoted(value) {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
