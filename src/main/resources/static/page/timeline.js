/**
 * The posts that are shown, in a list with an end: at most so many, by id, the highest first. New ones come from the feed
 * and older ones from pages of the list, in any order, each once.
 *
 * Between the highest and the lowest id that it has loaded nothing is missing. What falls out at the bottom can be loaded
 * again; what falls out at the top, while older posts are read, is counted as newer.
 */
export class Timeline {
  #list;
  #render;
  #most;
  #base = '';

  /** Shown ids, descending, and their elements. */
  #ids = [];
  #items = new Map();

  /** Whatever the table has below this id may be missing, and is at this address; null when nothing is missing. */
  #floor = Infinity;
  #older = null;

  /** Posts above this id are not shown but counted; Infinity while the newest are shown. */
  #ceiling = Infinity;
  #newer = 0;

  /**
   * @param list the element
   * @param render makes the element of a post
   * @param most posts to show at once
   */
  constructor(list, render, most) {
    this.#list = list;
    this.#render = render;
    this.#most = most;
  }

  get size() {
    return this.#ids.length;
  }

  get older() {
    return this.#older;
  }

  get newer() {
    return this.#newer;
  }

  get held() {
    return this.#ceiling !== Infinity;
  }

  /** @param base address of the whole list, with a query string */
  clear(base) {
    this.#base = base;
    this.#ids = [];
    this.#items.clear();
    this.#list.replaceChildren();
    this.#floor = Infinity;
    this.#older = base;
    this.#ceiling = Infinity;
    this.#newer = 0;
  }

  /** Shows no newer posts from now on, so that what is there stays where it is. */
  hold() {
    this.#ceiling = this.#ids[0] ?? 0;
  }

  /** Whether a new post is counted and no more. */
  count(post) {
    const counted = post.id > this.#ceiling;
    this.#newer += counted ? 1 : 0;
    return counted;
  }

  /** Before so many posts come: what is being read is not to be pushed out by them. */
  makeWay(waiting) {
    if (!this.held && this.size + waiting > this.#most && this.#isReadFurtherDown()) {
      this.hold();
    }
  }

  /**
   * Posts from the feed; the lowest ones make room.
   *
   * @param waiting how many there are, these and those that will follow at once
   */
  addLive(posts, waiting = posts.length) {
    this.makeWay(waiting);
    for (const post of posts.filter((one) => !this.count(one))) {
      if (this.size > this.#most && post.id < this.#lowest()) {
        continue; // It would be the first to go.
      }
      this.#insert(post).classList.add('new');
    }
    while (this.size > this.#most) {
      this.#remove(this.#ids.pop());
      this.#raiseFloor(this.#lowest());
    }
  }

  /** Between an id and what is shown below it some are missing: what is below is to be loaded again. */
  cutBelow(id) {
    while (this.size > 0 && this.#lowest() < id) {
      this.#remove(this.#ids.pop());
    }
    this.#raiseFloor(id);
  }

  /** What came late, with an id below the floor, is no part of what is without gaps: it may go without a trace. */
  #raiseFloor(id) {
    if (this.#floor < id) {
      this.#floor = id;
      this.#older = `${this.#base}&id=lt.${id}`;
    }
  }

  /** The page that {@link older} is the address of; the highest ones make room. */
  addPage({ rows, next }) {
    rows.forEach((row) => this.#insert(row));
    this.#older = next;
    this.#floor = next === null ? 0 : rows.at(-1).id;
    while (this.size > this.#most) {
      this.#remove(this.#ids.shift());
      this.#newer++;
      this.#ceiling = this.#ids[0];
    }
  }

  #lowest() {
    return this.#ids.at(-1);
  }

  #insert(post) {
    let item = this.#items.get(post.id);
    if (!item) {
      item = this.#render(post);
      const index = this.#indexOf(post.id);
      this.#list.insertBefore(item, this.#items.get(this.#ids[index]) ?? null);
      this.#ids.splice(index, 0, post.id);
      this.#items.set(post.id, item);
    }
    return item;
  }

  /** Where an id is, or belongs. */
  #indexOf(id) {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ids[middle] > id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #remove(id) {
    this.#items.get(id).remove();
    this.#items.delete(id);
  }

  /** Whether the top of the list is more than a screen away: what is being read must not be pushed out. */
  #isReadFurtherDown() {
    return this.#list.getBoundingClientRect().top < -window.innerHeight;
  }
}
