/** Requests to the service, and what its answers mean. */

/** Milliseconds: behind a dead connection there is no answer, and no error either. A list takes the service 30 s at most. */
const LONGEST_REQUEST = 35_000;
const LONGEST_PROBE = 10_000;

/** Of a read of what the feed has told of: it comes from where that is, a replica may not have it yet. */
export const NOW = { 'Postfeed-Position': 'now' };

const UNREACHABLE = 'The service cannot be reached';

/** A request that failed: what the service said about it (RFC 9457), or that it said nothing. */
export class Problem extends Error {
  constructor({ title, detail = '', status = 0, errors = [], parameter = null }) {
    super(detail || title);
    this.title = title;
    this.detail = detail;
    this.status = status;
    /** @type {{pointer: string, detail: string}[]} JSON pointers into the body */
    this.errors = errors;
    this.parameter = parameter;
  }
}

/**
 * The rows of a page of a list, and where it goes on: to older rows, and to new ones.
 *
 * @param signal ends it, with the signal's own error
 * @param position what it has to have: see NOW
 */
export async function readPage(address, { signal, position } = {}) {
  const { body, headers } = await send(address, { signal, headers: position });
  if (!Array.isArray(body)) {
    throw somethingElse();
  }
  const links = linksOf(headers.get('Link'));
  return { rows: body, next: links.get('next') ?? null, monitor: links.get('monitor') ?? null };
}

export async function readRow(address) {
  return (await send(address, { headers: NOW })).body;
}

/** @param key the same for each try of a request, which the service carries out once */
export async function create(address, json, key) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `"${key}"` };
  return (await send(address, { method: 'POST', body: json, headers })).body;
}

/** The status of an answer to GET, without its body; fails when there is none for a while. */
export async function statusOf(address) {
  const options = { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(LONGEST_PROBE) };
  return noticed(await fetch(address, options)).status;
}

/** Makes the token a cookie, which the browser sends from now on: EventSource has no headers of ours. */
export async function signIn(token) {
  await send('/session', { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
}

export async function signOut() {
  await send('/session', { method: 'DELETE' });
}

/** Tells the page when the service does not know who asks. */
function noticed(response) {
  if (response.status === 401) {
    window.dispatchEvent(new Event('signed-out'));
  }
  return response;
}

async function send(address, { signal, headers, ...options }) {
  const limit = AbortSignal.timeout(LONGEST_REQUEST);
  let response;
  let text;
  try {
    response = noticed(await fetch(address, {
      cache: 'no-store', // After Back a browser would answer from its own: with a list, and a position, that may be hours old.
      ...options,
      headers: { Accept: 'application/json', ...headers },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    }));
    text = await response.text();
  } catch (e) {
    if (signal?.aborted) {
      throw e;
    }
    const nothing = limit.aborted ? `Nothing came back within ${LONGEST_REQUEST / 1000} seconds.` : 'Nothing came back.';
    throw new Problem({ title: UNREACHABLE, detail: `${nothing} Try again.` });
  }
  const body = bodyOf(response, text);
  if (!response.ok) {
    throw new Problem({ title: `The service answered ${response.status}`, ...body, status: response.status });
  }
  if (body === null && response.status !== 204) {
    throw somethingElse();
  }
  return { body, headers: response.headers };
}

/** Null where it is no JSON. */
function bodyOf(response, text) {
  const type = response.headers.get('Content-Type') ?? '';
  try {
    return /^application\/(problem\+)?json/.test(type) ? parse(text) : null;
  } catch {
    return null;
  }
}

/** As a network that wants a log-in first. */
function somethingElse() {
  return new Problem({ title: UNREACHABLE, detail: 'Something else answered.' });
}

/** JSON; integers beyond 2^53, which ids may be, become BigInts instead of their neighbours. */
export function parse(text) {
  // Asking for each value takes longer than all the rest, and of thousands of posts hardly one needs it.
  return /\d{16}/.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
}

function exact(name, value, context) {
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? BigInt(context.source)
    : value;
}

/** Relations and addresses of a Link header (RFC 8288), as the service writes it. */
function linksOf(header) {
  return new Map([...(header ?? '').matchAll(/<([^>]*)>; rel="([^"]*)"/g)].map(([, address, relation]) => [relation, address]));
}
