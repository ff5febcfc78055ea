import { NOW, Problem, readPage } from './api.js';

const MOST_KNOWN = 1000;
/** As many as one page of a list may have. */
const PER_REQUEST = 100;
/** Milliseconds: who comes into sight meanwhile is asked for together. */
const PAUSE = 100;
const PAUSE_AFTER_FAILURE = 10_000;

/**
 * The names of the authors of posts that are in sight, or will be soon: however many posts come, there is one request at a
 * time, and none in a tab that nobody looks at. Until a name is there, and where there is no such user any more, the id is
 * all that is shown.
 */
export class Authors {
  #sight = new IntersectionObserver((changes) => this.#look(changes), { rootMargin: '200px' });
  /** By id, null where there is no such user; the first is known for longest. */
  #names = new Map();
  /** Elements in sight without a name. */
  #nameless = new Set();
  #asking = false;

  /** @param element of an author, whose id is its `data-author`; gets the name before what it has, as text */
  show(element) {
    if (!this.#nameIfKnown(element)) {
      this.#sight.observe(element);
    }
  }

  #look(changes) {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) {
        this.#nameless.add(target);
      } else {
        this.#nameless.delete(target);
      }
    }
    this.#nameAll();
    this.#askSoon();
  }

  #nameAll() {
    for (const element of this.#nameless) {
      if (this.#nameIfKnown(element)) {
        this.#nameless.delete(element);
        this.#sight.unobserve(element);
      }
    }
  }

  #nameIfKnown(element) {
    const name = this.#names.get(element.dataset.author);
    if (name) {
      // In a direction of its own.
      const isolated = document.createElement('bdi');
      isolated.textContent = name;
      element.replaceChildren(isolated, ` (${element.textContent})`);
    }
    return name !== undefined;
  }

  async #askSoon() {
    if (this.#asking || this.#nameless.size === 0) {
      return;
    }
    this.#asking = true;
    await passed(PAUSE);
    try {
      await this.#ask([...new Set([...this.#nameless].map((element) => element.dataset.author))].slice(0, PER_REQUEST));
    } catch (problem) {
      if (!(problem instanceof Problem)) {
        throw problem;
      }
      await passed(PAUSE_AFTER_FAILURE);
    } finally {
      this.#asking = false;
    }
    this.#nameAll();
    this.#askSoon();
  }

  async #ask(ids) {
    if (ids.length === 0) {
      return; // All are out of sight again.
    }
    const { rows } = await readPage(`/users?select=id,name&id=in.(${ids})&limit=${PER_REQUEST}`, { position: NOW });
    const found = new Map(rows.map(({ id, name }) => [String(id), name]));
    for (const id of ids) {
      this.#names.set(id, found.get(id) ?? null);
    }
    for (const id of [...this.#names.keys()].slice(0, Math.max(0, this.#names.size - MOST_KNOWN))) {
      this.#names.delete(id);
    }
  }
}

function passed(time) {
  return new Promise((resolve) => setTimeout(resolve, time));
}
