import { parse, statusOf } from './api.js';

const LEAST_WAIT = 1000;
const MOST_WAIT = 30_000;
/** Milliseconds out of sight: over HTTP/1.1 browsers open six connections to a host, of which others may be in need. */
const REST_AFTER = 60_000;

/**
 * The connection to the live feed. The browser's EventSource comes again by itself when the network fails, and says where
 * it was; it gives up for good when the answer is another than 200, as from a node that is full or stopping. Then a new
 * one goes on from the same position, after a while that grows and differs from client to client.
 *
 * States: stopped, connecting, catching-up, live, reconnecting, resting (out of sight), off (this node has no feed).
 */
export class Feed {
  #source = null;
  #address = null;
  #position = null;
  #state = 'stopped';
  #failures = 0;
  #timer = 0;
  #rest = 0;
  #on;

  /** @param on what to do: {state(name), post(post), reset(reason)} */
  constructor(on) {
    this.#on = on;
    for (const change of ['offline', 'online']) {
      window.addEventListener(change, () => this.#openAnew());
    }
    document.addEventListener('visibilitychange', () => this.#restOrGoOn());
  }

  /** The id of the last event: all posts up to it have been received, and no other. */
  get position() {
    return this.#position;
  }

  get state() {
    return this.#state;
  }

  /** Goes on from a position, and with nothing that was before. */
  follow(address, position) {
    this.stop();
    this.#address = address;
    this.#position = position;
    this.#failures = 0;
    this.#to('connecting');
    this.#open();
    this.#restOrGoOn();
  }

  stop() {
    this.#close();
    this.#to('stopped');
  }

  #close() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#source?.close();
    this.#source = null;
  }

  #restOrGoOn() {
    clearTimeout(this.#rest);
    if (document.hidden) {
      this.#rest = setTimeout(() => this.#giveUp(), REST_AFTER);
    } else if (this.#state === 'resting') {
      this.#to('catching-up');
      this.#open();
    }
  }

  #giveUp() {
    if (this.#source !== null) {
      this.#close();
      this.#to('resting');
    }
  }

  /** When the network changes, what was open may be dead without a word: a new one tells. */
  #openAnew() {
    if (this.#source !== null) {
      this.#lost();
      this.#open();
    }
  }

  #open() {
    this.#close();
    const address = new URL(this.#address, location.origin);
    address.searchParams.set('last_event_id', this.#position);
    const source = new EventSource(address);
    this.#source = source;
    source.onopen = () => this.#to('catching-up');
    source.onerror = () => this.#broken(source);
    source.addEventListener('post', (event) => {
      this.#position = event.lastEventId;
      this.#on.post(parse(event.data));
    });
    source.addEventListener('caught-up', (event) => {
      this.#position = event.lastEventId;
      this.#failures = 0;
      this.#to('live');
    });
    source.addEventListener('reset', (event) => {
      this.#position = event.lastEventId;
      this.#on.reset(parse(event.data).reason);
    });
  }

  #broken(source) {
    this.#lost();
    if (source.readyState === EventSource.CLOSED) {
      this.#comeAgain();
    }
  }

  async #comeAgain() {
    const source = this.#source;
    const status = await statusOf(this.#address).catch(() => 0);
    if (this.#source !== source) {
      return; // Something else was followed meanwhile.
    }
    // Another node, or this one after its next start, may have a feed.
    this.#to(status === 404 ? 'off' : 'reconnecting');
    const wait = status === 404 ? MOST_WAIT : Math.min(MOST_WAIT, LEAST_WAIT * 2 ** this.#failures++);
    this.#timer = setTimeout(() => this.#open(), wait * (0.5 + Math.random() / 2));
  }

  /** A node without a feed is asked again, which is nothing to be told. */
  #lost() {
    if (this.#state !== 'off') {
      this.#to('reconnecting');
    }
  }

  #to(state) {
    if (state !== this.#state) {
      this.#state = state;
      this.#on.state(state);
    }
  }
}
