import { shortened } from './post.js';

/** New posts wait for the next frame, which takes so many of them: more would make it late. */
const PER_FRAME = 100;

/** Posts from the feed, on their way into the timeline. */
export class Arrivals {
  #timeline;
  #most;
  #shown;
  #pending = [];
  #scheduled = false;

  /**
   * @param most posts that the timeline shows at once
   * @param shown called after each frame in which some were
   */
  constructor(timeline, most, shown) {
    this.#timeline = timeline;
    this.#most = most;
    this.#shown = shown;
  }

  add(post) {
    if (!this.#timeline.count(post)) {
      this.#pending.push(shortened(post));
    }
    if (this.#pending.length > 2 * this.#most) {
      this.#forgetLowest();
    }
    this.#schedule();
  }

  /** Those that are on their way are not for the list any more. */
  clear() {
    this.#pending = [];
  }

  /** A page that nobody sees has no frames, in which posts are taken: of those that wait no more are kept than are shown. */
  #forgetLowest() {
    this.#timeline.makeWay(this.#pending.length);
    const uncounted = this.#pending.filter((post) => !this.#timeline.count(post)).sort(highestFirst);
    this.#pending = uncounted.slice(0, this.#most);
    if (this.#pending.length < uncounted.length) {
      this.#timeline.cutBelow(this.#pending.at(-1).id);
    }
  }

  #schedule() {
    if (!this.#scheduled) {
      this.#scheduled = true;
      requestAnimationFrame(() => this.#flush());
    }
  }

  #flush() {
    this.#scheduled = false;
    const waiting = this.#pending.length;
    this.#timeline.addLive(this.#pending.sort(highestFirst).splice(0, PER_FRAME), waiting);
    this.#shown();
    if (this.#pending.length > 0) {
      this.#schedule();
    }
  }
}

function highestFirst(a, b) {
  return a.id < b.id ? 1 : -1;
}
