const SECONDS = 60;
const WIDTH = 240;
const HEIGHT = 48;
const SVG = 'http://www.w3.org/2000/svg';

/** Posts per second in the last minute, a bar a second, the present one at the right. */
export class RateChart {
  #counts = new Array(SECONDS).fill(0);
  #second = now();
  #bars;
  #title;
  #text;

  constructor(svg, text) {
    this.#title = svg.querySelector('title');
    this.#text = text;
    this.#bars = this.#counts.map((_, i) => {
      const bar = document.createElementNS(SVG, 'rect');
      bar.setAttribute('x', (i * WIDTH) / SECONDS);
      bar.setAttribute('width', WIDTH / SECONDS - 1);
      svg.append(bar);
      return bar;
    });
    this.#draw();
    setInterval(() => this.#draw(), 1000);
  }

  count() {
    this.#roll();
    this.#counts[SECONDS - 1]++;
  }

  /** By the clock, not by the timer, which browsers slow down in tabs that nobody sees. */
  #roll() {
    const passed = Math.min(now() - this.#second, SECONDS);
    if (passed > 0) {
      this.#counts.splice(0, passed);
      this.#counts.push(...new Array(passed).fill(0));
      this.#second = now();
    }
  }

  #draw() {
    this.#roll();
    const most = Math.max(...this.#counts);
    const full = Math.max(most, 5);
    this.#counts.forEach((count, i) => {
      const height = count === 0 ? 1 : Math.max(2, (count / full) * HEIGHT);
      this.#bars[i].setAttribute('y', HEIGHT - height);
      this.#bars[i].setAttribute('height', height);
    });
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    // The second that is not over yet would always look like a drop.
    const rate = `${this.#counts[SECONDS - 2]} now, ${most} at most`;
    if (this.#text.textContent !== rate) {
      this.#text.textContent = rate;
      this.#title.textContent = `${total} posts in the last minute, per second ${rate}`;
    }
  }
}

function now() {
  return Math.floor(performance.now() / 1000);
}
