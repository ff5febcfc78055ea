import { readPage } from './api.js';
import { Arrivals } from './arrivals.js';
import { Feed } from './feed.js';
import { conditions } from './filters.js';
import { Timeline } from './timeline.js';

/** Posts shown at once: the list is as quick with a million posts in the table, or a thousand new ones a second. */
const MOST_SHOWN = 1000;
const PAGE = 50;

/**
 * The newest posts of a filter, followed by the feed and continued by older ones.
 *
 * States: connecting, failed (the list could not be read), reset (the feed knows of another past), and those of the feed.
 */
export class LiveList {
  #timeline;
  #arrivals;
  #feed;
  #on;

  /** Of the posts that are shown, and of those that are being read to be shown next. */
  #filter;
  #target;
  #reading = null;
  #failure = null;
  #resetting = false;
  #resetReason = null;
  #unanchored = 0;
  #received = 0;

  /**
   * @param element where the posts are
   * @param render makes the element of a post
   * @param filter what is going to be shown first
   * @param on what to do: {state(name), change(), begin(filter, resetReason), fail(problem), post()}; begin is when another
   *     list is there, with the reason if a reset was one
   */
  constructor(element, render, filter, on) {
    this.#timeline = new Timeline(element, render, MOST_SHOWN);
    this.#arrivals = new Arrivals(this.#timeline, MOST_SHOWN, () => on.change());
    this.#feed = new Feed({
      state: (state) => this.#onState(state),
      post: (post) => this.#onPost(post),
      reset: (reason) => this.#onReset(reason),
    });
    this.#filter = filter;
    this.#target = filter;
    this.#on = on;
  }

  get filter() {
    return this.#filter;
  }

  get target() {
    return this.#target;
  }

  get reading() {
    return this.#reading !== null;
  }

  /** Why the list could not be read, until one is. */
  get failure() {
    return this.#failure;
  }

  get size() {
    return this.#timeline.size;
  }

  get held() {
    return this.#timeline.held;
  }

  get newer() {
    return this.#timeline.newer;
  }

  get hasOlder() {
    return this.#timeline.older !== null;
  }

  get position() {
    return this.#feed.position;
  }

  /** Posts from the feed, ever. */
  get received() {
    return this.#received;
  }

  /**
   * Shows the newest posts of a filter, and follows the feed from there: from a position that is older than the list, so
   * that no post is between the two. What is there already stays until the list has come.
   *
   * @param resume a position to follow from instead, if that is not too long ago
   */
  async show(wanted, resume = null) {
    this.#reading?.abort();
    const mine = new AbortController();
    this.#reading = mine;
    this.#target = wanted;
    if (this.#feed.position === null) {
      this.#to('connecting');
    }
    this.#on.change();
    try {
      const page = await readPage(baseOf(wanted), { signal: mine.signal });
      if (!mine.signal.aborted) {
        this.#begin(wanted, page, resume);
      }
    } catch (problem) {
      if (!mine.signal.aborted) {
        this.#fail(problem);
      }
    } finally {
      if (this.#reading === mine) {
        this.#reading = null;
        this.#on.change();
      }
    }
  }

  /** New posts are counted, and nothing moves, until the list is shown again. */
  hold() {
    this.#timeline.hold();
    this.#on.change();
  }

  /** Adds the page that follows the lowest post; again where the list has lost its end meanwhile. */
  async addOlder() {
    if (this.#timeline.size + PAGE > MOST_SHOWN) {
      this.#timeline.hold();
    }
    let address;
    let page;
    do {
      address = this.#timeline.older;
      page = address === null ? null : await readPage(address);
    } while (address !== this.#timeline.older);
    if (page !== null) {
      this.#timeline.addPage(page);
    }
  }

  #begin(wanted, page, resume) {
    this.#feed.stop();
    this.#filter = wanted;
    this.#failure = null;
    this.#resetting = false;
    this.#clear();
    this.#timeline.addPage(page);
    this.#on.begin(wanted, this.#resetReason);
    this.#resetReason = null;
    this.#follow(page.monitor, resume);
  }

  #clear() {
    this.#arrivals.clear();
    this.#timeline.clear(baseOf(this.#filter));
  }

  #fail(problem) {
    this.#target = this.#filter;
    this.#failure = problem;
    this.#resetting = false;
    this.#to(this.#feed.position === null ? 'failed' : this.#feed.state);
    this.#on.fail(problem);
  }

  #follow(monitor, resume) {
    if (monitor === null) {
      // This node knows no position yet, or has no feed. Once it is live, the list is read again.
      this.#unanchored++;
      this.#feed.follow(`/posts/feed?${conditions(this.#filter)}`, 'now');
      return;
    }
    this.#unanchored = 0;
    const position = new URL(monitor, location.origin).searchParams.get('last_event_id');
    const missed = Number.parseInt(position, 10) - Number.parseInt(resume, 10);
    // A list may be older than what this tab has received: then the feed has what is between.
    this.#feed.follow(monitor, missed >= 0 && missed <= MOST_SHOWN ? resume : position);
  }

  #onState(state) {
    if (state === 'live' && this.#unanchored > 0 && this.#unanchored < 3) {
      this.show(this.#target);
    }
    this.#to(state);
  }

  #onPost(post) {
    this.#received++;
    this.#on.post();
    this.#arrivals.add(post);
  }

  #onReset(reason) {
    this.#resetting = true;
    this.#resetReason = reason;
    this.#clear();
    this.#to('reset');
    this.show(this.#target);
  }

  /** That the feed is stopped is for a moment only, and nothing to be told. */
  #to(state) {
    if (state !== 'stopped') {
      this.#on.state(this.#resetting ? 'reset' : state);
    }
  }
}

function baseOf(filter) {
  return `/posts?${[conditions(filter), `order=id.desc&limit=${PAGE}`].filter((part) => part).join('&')}`;
}
